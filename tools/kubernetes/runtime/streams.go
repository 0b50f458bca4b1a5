package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"

	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

// streams are what a client and a container say to each other.
type streams struct{ pods *pods }

// Exec returns when the process has ended, and nobody can write to its output any more. What the client does not read
// waits; once the client is gone, writing fails the process.
func (s streams) Exec(
	_ context.Context, id string, args []string,
	stdin io.Reader, stdout, stderr io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize,
) error {
	container, err := s.pods.container(id)
	if err != nil {
		return err
	}
	command, near, err := container.startInside(args, tty, stdin != nil)
	if err != nil {
		return err
	}
	go resizeWith(near, resize)
	if stdin != nil {
		go func() {
			_, _ = io.Copy(near.stdin, stdin)
			near.closeStdin()
		}()
	}
	var outputs sync.WaitGroup
	outputs.Go(func() { copyOutput(stdout, near.stdout) })
	if near.stderr != nil {
		outputs.Go(func() { copyOutput(stderr, near.stderr) })
	}
	outputs.Wait()
	err = command.Wait()
	near.close()
	return exitError(command, err)
}

func copyOutput(to io.Writer, from io.ReadCloser) {
	if to == nil {
		to = io.Discard
	}
	_, _ = io.Copy(to, from)
	from.Close()
}

func resizeWith(near *stdio, sizes <-chan remotecommand.TerminalSize) {
	for size := range sizes {
		near.resize(size)
	}
}

// exitError is nil for exit code 0.
func exitError(command *exec.Cmd, err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	code := exitCodeOf(waitStatusOf(command))
	return utilexec.CodeExitError{Err: fmt.Errorf("command terminated with exit code %d", code), Code: code}
}

// Attach returns when the container has ended, or its client does not read any more.
func (s streams) Attach(
	_ context.Context, id string,
	stdin io.Reader, stdout, stderr io.WriteCloser, _ bool, resize <-chan remotecommand.TerminalSize,
) error {
	container, err := s.pods.container(id)
	if err != nil {
		return err
	}
	if container.running() == nil {
		return fmt.Errorf("container %s is not running", container.config.Metadata.Name)
	}
	near := container.stdio
	go resizeWith(near, resize)
	if stdin != nil && near.stdin != nil {
		go func() {
			_, _ = io.Copy(near.stdin, stdin)
			if container.config.StdinOnce {
				near.closeStdin()
			}
		}()
	}
	c := &client{stdout: stdout, stderr: stderr, gone: make(chan struct{})}
	container.output.attach(c)
	select {
	case <-container.output.done:
	case <-c.gone:
	}
	return nil
}

// PortForward connects to a port of the Pod's loopback. Each side may end what it sends while it still listens.
func (s streams) PortForward(_ context.Context, id string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	pod, err := s.pods.pod(id)
	if err != nil {
		return err
	}
	connection, err := dial(pod, port)
	if err != nil {
		return err
	}
	defer connection.Close()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if _, err := io.Copy(connection, stream); err != nil {
			connection.Close()
			return
		}
		_ = connection.CloseWrite()
	}()
	if _, err := io.Copy(stream, connection); err != nil {
		return err
	}
	stream.Close()
	<-sent
	return nil
}

func dial(pod *pod, port int32) (connection *net.TCPConn, err error) {
	err = pod.namespaces.do(func() error {
		var failures []string
		for _, host := range []string{"127.0.0.1", "::1"} {
			address := &net.TCPAddr{IP: net.ParseIP(host), Port: int(port)}
			var err error
			if connection, err = net.DialTCP("tcp", nil, address); err == nil {
				return nil
			}
			failures = append(failures, err.Error())
		}
		return errors.New(strings.Join(failures, "; "))
	})
	return connection, err
}
