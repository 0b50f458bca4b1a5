package main

import (
	"fmt"
	"log"
	"os"
	"path"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// The devices that programs expect, by major and minor number.
var devices = map[string][2]uint32{
	"null": {1, 3}, "zero": {1, 5}, "full": {1, 7}, "random": {1, 8}, "urandom": {1, 9}, "tty": {5, 0},
}

var deviceLinks = map[string]string{
	"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2",
	"ptmx": "pts/ptmx",
}

var warnOfSharing sync.Once

// newRoot makes the root file system of a container below a directory: this
// machine's, with devices and volumes of its own. /proc is for its first process
// to mount. What is written elsewhere is seen by this container alone, or, where
// overlays are not to be had, by everybody.
func newRoot(directory string, mounts []*cri.Mount) (string, error) {
	root := filepath.Join(directory, "root")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", err
	}
	if err := mountOverlay("/", directory, root); err != nil {
		warnOfSharing.Do(func() { log.Printf("containers share the files of this machine, for want of overlays: %v", err) })
		if err := bind("/", root, false); err != nil {
			return "", err
		}
	}
	if err := makeDevices(filepath.Join(root, "dev")); err != nil {
		return root, fmt.Errorf("making /dev: %w", err)
	}
	for _, mount := range mounts {
		if err := mountVolume(root, mount); err != nil {
			return root, err
		}
	}
	return root, nil
}

// removeRoot unmounts everything below the root too.
func removeRoot(directory string) error {
	if err := unix.Unmount(filepath.Join(directory, "root"), unix.MNT_DETACH); err != nil && err != unix.EINVAL {
		return err
	}
	return os.RemoveAll(directory)
}

func makeDevices(dev string) error {
	if err := unix.Mount("tmpfs", dev, "tmpfs", 0, "mode=0755"); err != nil {
		return err
	}
	for name, number := range devices {
		device := int(unix.Mkdev(number[0], number[1]))
		if err := unix.Mknod(filepath.Join(dev, name), unix.S_IFCHR|0o666, device); err != nil {
			return err
		}
	}
	for name, target := range deviceLinks {
		if err := os.Symlink(target, filepath.Join(dev, name)); err != nil {
			return err
		}
	}
	pts := filepath.Join(dev, "pts")
	if err := os.Mkdir(pts, 0o755); err != nil {
		return err
	}
	return bind("/dev/pts", pts, false)
}

// mountVolume makes the place of a volume first: a directory or a file, as the volume is.
func mountVolume(root string, mount *cri.Mount) error {
	source, err := os.Stat(mount.HostPath)
	if err != nil {
		return err
	}
	parent, name := path.Split(path.Clean(mount.ContainerPath))
	if err := makeDirectories(root, parent); err != nil {
		return err
	}
	if source.IsDir() {
		err = makeDirectories(root, mount.ContainerPath)
	} else {
		err = makeFile(root, parent, name)
	}
	if err != nil {
		return fmt.Errorf("making the place of volume %s: %w", mount.ContainerPath, err)
	}
	place, err := openInRoot(root, mount.ContainerPath)
	if err != nil {
		return err
	}
	defer place.Close()
	return bind(mount.HostPath, fmt.Sprintf("/proc/self/fd/%d", place.Fd()), mount.Readonly)
}

// openInRoot opens a file to be asked about, not to be read. Links are followed as they are seen from inside the root.
func openInRoot(root, name string) (*os.File, error) {
	directory, err := os.Open(root)
	if err != nil {
		return nil, err
	}
	defer directory.Close()
	how := &unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_IN_ROOT}
	file, err := unix.Openat2(int(directory.Fd()), name, how)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(file), name), nil
}

func makeDirectories(root, name string) error {
	place, err := openInRoot(root, name)
	if err == nil {
		return place.Close()
	}
	if !os.IsNotExist(err) {
		return err
	}
	parent, last := path.Split(path.Clean(name))
	if err := makeDirectories(root, parent); err != nil {
		return err
	}
	return inDirectory(root, parent, func(parent int) error { return unix.Mkdirat(parent, last, 0o755) })
}

func makeFile(root, parent, name string) error {
	return inDirectory(root, parent, func(parent int) error {
		err := unix.Mknodat(parent, name, unix.S_IFREG|0o644, 0)
		if err == unix.EEXIST {
			return nil
		}
		return err
	})
}

func inDirectory(root, name string, do func(directory int) error) error {
	directory, err := openInRoot(root, name)
	if err != nil {
		return err
	}
	defer directory.Close()
	return do(int(directory.Fd()))
}
