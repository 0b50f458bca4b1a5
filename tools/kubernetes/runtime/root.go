package main

import (
	"fmt"
	"log"
	"os"
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

func mountVolume(root string, mount *cri.Mount) error {
	source, err := os.Stat(mount.HostPath)
	if err != nil {
		return err
	}
	target := filepath.Join(root, mount.ContainerPath)
	if source.IsDir() {
		err = os.MkdirAll(target, 0o755)
	} else if err = os.MkdirAll(filepath.Dir(target), 0o755); err == nil {
		var file *os.File
		if file, err = os.OpenFile(target, os.O_CREATE, 0o644); err == nil {
			err = file.Close()
		}
	}
	if err != nil {
		return fmt.Errorf("making the place of volume %s: %w", mount.ContainerPath, err)
	}
	return bind(mount.HostPath, target, mount.Readonly)
}
