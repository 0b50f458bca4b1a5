package main

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// process is what runs in a container.
type process struct {
	Root string
	Args []string
	Env  []string
	Dir  string
	TTY  bool
	User syscall.Credential
}

// command is that of the process as a child of this one, in a session of its own; with a TTY, stdin is its terminal.
func (p process) command() (*exec.Cmd, error) {
	file, err := p.find(p.Args[0])
	if err != nil {
		return nil, err
	}
	return &exec.Cmd{
		Path: file,
		Args: p.Args,
		Env:  p.Env,
		Dir:  p.Dir,
		SysProcAttr: &syscall.SysProcAttr{
			Chroot: p.Root, Credential: &p.User, Setsid: true, Setctty: p.TTY,
		},
	}, nil
}

// find looks for a program as a shell in the container does.
func (p process) find(name string) (string, error) {
	if strings.Contains(name, "/") {
		if !path.IsAbs(name) {
			name = path.Join(p.Dir, name)
		}
		return name, p.checkExecutable(name)
	}
	directories := defaultPath
	for _, variable := range p.Env {
		if value, isPath := strings.CutPrefix(variable, "PATH="); isPath {
			directories = value
		}
	}
	for directory := range strings.SplitSeq(directories, ":") {
		file := path.Join("/", directory, name)
		if p.checkExecutable(file) == nil {
			return file, nil
		}
	}
	return "", fmt.Errorf("exec: %q: executable file not found in $PATH", name)
}

// checkExecutable follows links as they are seen from inside the root.
func (p process) checkExecutable(file string) error {
	root, err := os.Open(p.Root)
	if err != nil {
		return err
	}
	defer root.Close()
	how := &unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_IN_ROOT}
	found, err := unix.Openat2(int(root.Fd()), file, how)
	if err != nil {
		return fmt.Errorf("exec: %q: %w", file, err)
	}
	defer unix.Close(found)
	var status unix.Stat_t
	if err := unix.Fstat(found, &status); err != nil {
		return err
	}
	if status.Mode&unix.S_IFMT != unix.S_IFREG || status.Mode&0o111 == 0 {
		return fmt.Errorf("exec: %q: %w", file, unix.EACCES)
	}
	return nil
}
