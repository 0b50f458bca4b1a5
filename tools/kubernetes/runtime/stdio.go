package main

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

// stdio is the near side of a process's pipes, or of its terminal.
type stdio struct {
	stdin  *os.File // nil when the process has none
	stdout *os.File
	stderr *os.File // nil with a terminal
	far    []*os.File
}

// connect gives the command a terminal, or pipes; stdin is empty unless asked for.
func connect(command *exec.Cmd, tty, stdin bool) (*stdio, error) {
	s := &stdio{}
	var err error
	if tty {
		err = s.openTerminal(command)
	} else {
		err = s.openPipes(command, stdin)
	}
	if err != nil {
		s.closeFar()
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *stdio) openPipes(command *exec.Cmd, stdin bool) error {
	if stdin {
		read, write, err := os.Pipe()
		if err != nil {
			return err
		}
		s.stdin, command.Stdin, s.far = write, read, append(s.far, read)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	s.stdout, command.Stdout, s.far = read, write, append(s.far, write)
	read, write, err = os.Pipe()
	if err != nil {
		return err
	}
	s.stderr, command.Stderr, s.far = read, write, append(s.far, write)
	return nil
}

func (s *stdio) openTerminal(command *exec.Cmd) error {
	near, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return err
	}
	s.stdin, s.stdout = near, near
	var number int
	if err := control(near, func(fd int) (err error) {
		if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
			number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		}
		return err
	}); err != nil {
		return err
	}
	far, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return err
	}
	command.Stdin, command.Stdout, command.Stderr, s.far = far, far, far, append(s.far, far)
	return nil
}

// resize is for terminals; others have no size.
func (s *stdio) resize(size remotecommand.TerminalSize) {
	if s.stderr == nil {
		_ = control(s.stdin, func(fd int) error {
			return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: size.Height, Col: size.Width})
		})
	}
}

// closeStdin is the end of what the process reads. A terminal has no such end.
func (s *stdio) closeStdin() {
	if s.stdin != nil && s.stderr != nil {
		s.stdin.Close()
	}
}

// closeFar is for when the process has been started, and has its side.
func (s *stdio) closeFar() {
	for _, file := range s.far {
		file.Close()
	}
	s.far = nil
}

func (s *stdio) close() {
	for _, file := range []*os.File{s.stdin, s.stdout, s.stderr} {
		if file != nil {
			file.Close()
		}
	}
}

// control leaves the file as it is, where Fd would make it block a thread.
func control(file *os.File, call func(fd int) error) error {
	connection, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	if err := connection.Control(func(fd uintptr) { result = call(int(fd)) }); err != nil {
		return err
	}
	return result
}
