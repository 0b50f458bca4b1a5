package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

var errPodStopped = errors.New("the pod has been stopped")

var thisProcess, _ = os.FindProcess(os.Getpid())

// namespaces are those of a Pod, held by one thread of this process. What starts
// in them dies with the thread, and so with this process, however it ends.
type namespaces struct {
	calls chan func()
	quit  chan struct{}
	ended chan struct{}
}

// newNamespaces enters namespaces of the kinds in flags, and sets them up there.
func newNamespaces(flags int, setUp func() error) (*namespaces, error) {
	n := &namespaces{calls: make(chan func()), quit: make(chan struct{}), ended: make(chan struct{})}
	entered := make(chan error)
	go func() {
		// Never unlocked: nothing else may run in these namespaces, so the thread ends with this function.
		runtime.LockOSThread()
		defer close(n.ended)
		err := unix.Unshare(flags)
		if err == nil {
			err = setUp()
		}
		entered <- err
		for err == nil {
			select {
			case call := <-n.calls:
				call()
			case <-n.quit:
				return
			}
		}
	}()
	if err := <-entered; err != nil {
		return nil, fmt.Errorf("making the namespaces of a pod: %w", err)
	}
	return n, nil
}

// do calls a function in the namespaces. Calls wait for each other.
func (n *namespaces) do(call func() error) error {
	result := make(chan error, 1)
	select {
	case n.calls <- func() { result <- call() }:
		return <-result
	case <-n.ended:
		return errPodStopped
	}
}

// start starts a process in the namespaces.
func (n *namespaces) start(command *exec.Cmd) error { return n.do(command.Start) }

// startBeside starts a process in the PID namespace of another one as well.
func (n *namespaces) startBeside(neighbour *os.Process, command *exec.Cmd) error {
	return n.do(func() error {
		if err := enterPIDNamespaceOf(neighbour); err != nil {
			return err
		}
		err := command.Start()
		return errors.Join(err, enterPIDNamespaceOf(thisProcess))
	})
}

func (n *namespaces) close() {
	close(n.quit)
	<-n.ended
}

// enterPIDNamespaceOf is for the children that this thread starts from now on.
func enterPIDNamespaceOf(process *os.Process) error {
	var result error
	err := process.WithHandle(func(handle uintptr) { result = unix.Setns(int(handle), unix.CLONE_NEWPID) })
	return errors.Join(err, result)
}

// setUpLoopback is for the network namespace of this thread. The address is one
// that only processes in it can reach.
func setUpLoopback(address netip.Addr) error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	loopback, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	loopback.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, loopback); err != nil {
		return err
	}
	alias, err := unix.NewIfreq("lo:0")
	if err != nil {
		return err
	}
	ip := address.As4()
	if err := alias.SetInet4Addr(ip[:]); err != nil {
		return err
	}
	if err := unix.IoctlIfreq(socket, unix.SIOCSIFADDR, alias); err != nil {
		return err
	}
	if err := alias.SetInet4Addr([]byte{255, 255, 255, 255}); err != nil {
		return err
	}
	return unix.IoctlIfreq(socket, unix.SIOCSIFNETMASK, alias)
}
