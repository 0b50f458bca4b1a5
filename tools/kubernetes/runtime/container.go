package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

type container struct {
	id        string
	pod       *pod
	config    *cri.ContainerConfig
	directory string
	createdAt time.Time
	process   process
	output    *output
	// ended is closed when nothing of the container runs any more.
	ended chan struct{}

	mu         sync.Mutex
	init       *exec.Cmd
	stdio      *stdio
	startedAt  time.Time
	finishedAt time.Time
	exitCode   int
}

func newContainer(id string, pod *pod, config *cri.ContainerConfig, directory string) (*container, error) {
	args := append(append([]string{}, config.Command...), config.Args...)
	if len(args) == 0 {
		// Which one the image has cannot be known without pulling it.
		const message = "container %s needs a command: images are not pulled"
		return nil, status.Errorf(codes.InvalidArgument, message, config.Metadata.Name)
	}
	root, err := newRoot(directory, config.Mounts)
	if err != nil {
		return nil, errors.Join(err, removeRoot(directory))
	}
	env := []string{"PATH=" + defaultPath, "HOSTNAME=" + pod.config.Hostname, "HOME=/root"}
	if config.Tty {
		env = append(env, "TERM=xterm")
	}
	for _, variable := range config.Envs {
		env = append(env, variable.Key+"="+string(variable.Value))
	}
	output, err := newOutput(filepath.Join(pod.config.LogDirectory, config.LogPath))
	if err != nil {
		return nil, errors.Join(err, removeRoot(directory))
	}
	dir := config.WorkingDir
	if dir == "" {
		dir = "/"
	}
	return &container{
		id: id, pod: pod, config: config, directory: directory, createdAt: time.Now(), output: output,
		process: process{Root: root, Args: args, Env: env, Dir: dir, TTY: config.Tty, User: userOf(config)},
		ended:   make(chan struct{}),
	}, nil
}

func userOf(config *cri.ContainerConfig) syscall.Credential {
	security := config.GetLinux().GetSecurityContext()
	user := syscall.Credential{
		Uid: uint32(security.GetRunAsUser().GetValue()), Gid: uint32(security.GetRunAsGroup().GetValue()),
	}
	for _, group := range security.GetSupplementalGroups() {
		user.Groups = append(user.Groups, uint32(group))
	}
	return user
}

// start runs the container's process below an init of its own.
func (c *container) start() error {
	if _, err := c.process.command(); err != nil {
		return err
	}
	spec, err := c.spec()
	if err != nil {
		return err
	}
	defer spec.Close()
	init := exec.Command("/proc/self/exe", initCommand)
	init.Env = []string{}
	init.ExtraFiles = []*os.File{spec}
	init.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID, Setsid: true, Pdeathsig: unix.SIGKILL}
	stdio, err := connect(init, c.config.Tty, c.config.Stdin)
	if err != nil {
		return err
	}
	defer stdio.closeFar()
	if err := c.pod.namespaces.start(init); err != nil {
		stdio.close()
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.init, c.stdio, c.startedAt = init, stdio, time.Now()
	go c.wait(init)
	return nil
}

// spec is a file that init reads the process from.
func (c *container) spec() (*os.File, error) {
	text, err := json.Marshal(c.process)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(c.directory, "process.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, err
	}
	return os.Open(path)
}

func (c *container) wait(init *exec.Cmd) {
	go c.output.copy(map[string]*os.File{"stdout": c.stdio.stdout, "stderr": c.stdio.stderr})
	_ = init.Wait()
	c.output.drain()
	c.stdio.close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.exitCode = exitCodeOf(waitStatusOf(init))
	c.finishedAt = time.Now()
	close(c.ended)
}

// stop returns when nothing of the container runs any more.
func (c *container) stop(grace time.Duration) {
	init := c.running()
	if init == nil {
		return
	}
	if grace > 0 {
		_ = init.Process.Signal(unix.SIGTERM)
		select {
		case <-c.ended:
			return
		case <-time.After(grace):
		}
	}
	_ = init.Process.Kill()
	<-c.ended
}

// running is the init of the container, while it runs.
func (c *container) running() *exec.Cmd {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.finishedAt.IsZero() {
		return nil
	}
	return c.init
}

// startInside starts another process in the container.
func (c *container) startInside(args []string, tty, stdin bool) (*exec.Cmd, *stdio, error) {
	init := c.running()
	if init == nil {
		return nil, nil, fmt.Errorf("container %s is not running", c.config.Metadata.Name)
	}
	process := c.process
	process.Args, process.TTY = args, tty
	if tty {
		process.Env = append([]string{"TERM=xterm"}, process.Env...)
	}
	command, err := process.command()
	if err != nil {
		return nil, nil, err
	}
	stdio, err := connect(command, tty, stdin)
	if err != nil {
		return nil, nil, err
	}
	defer stdio.closeFar()
	if err := c.pod.namespaces.startBeside(init.Process, command); err != nil {
		stdio.close()
		return nil, nil, err
	}
	return command, stdio, nil
}

func (c *container) state() cri.ContainerState {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.finishedAt.IsZero():
		return cri.ContainerState_CONTAINER_EXITED
	case c.init != nil:
		return cri.ContainerState_CONTAINER_RUNNING
	}
	return cri.ContainerState_CONTAINER_CREATED
}
