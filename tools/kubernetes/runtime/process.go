package main

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"strings"
	"syscall"
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

func (p process) checkExecutable(name string) error {
	file, err := openInRoot(p.Root, name)
	if err != nil {
		return fmt.Errorf("exec: %w", err)
	}
	defer file.Close()
	status, err := file.Stat()
	if err == nil && (!status.Mode().IsRegular() || status.Mode()&0o111 == 0) {
		err = os.ErrPermission
	}
	if err != nil {
		return fmt.Errorf("exec: %q: %w", name, err)
	}
	return nil
}
