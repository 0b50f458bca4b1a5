package main

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// pod is what CRI calls a sandbox: the namespaces that containers share.
type pod struct {
	id         string
	config     *cri.PodSandboxConfig
	createdAt  time.Time
	address    string
	namespaces *namespaces

	mu      sync.Mutex
	stopped bool
}

// pods are all that there is, by ID.
type pods struct {
	directory string

	mu         sync.Mutex
	made       uint32
	pods       map[string]*pod
	containers map[string]*container
}

func newPods(directory string) *pods {
	return &pods{directory: directory, pods: map[string]*pod{}, containers: map[string]*container{}}
}

// newID also gives the number of the ID.
func (p *pods) newID(kind string) (string, uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made++
	return fmt.Sprintf("%s-%d", kind, p.made), p.made
}

// run makes the namespaces of a Pod: its own network, in which ports are free, unless it wants the node's.
func (p *pods) run(config *cri.PodSandboxConfig) (*pod, error) {
	id, number := p.newID("pod")
	pod := &pod{id: id, config: config, createdAt: time.Now()}
	flags := unix.CLONE_NEWUTS | unix.CLONE_NEWIPC
	ownNetwork := config.GetLinux().GetSecurityContext().GetNamespaceOptions().GetNetwork() != cri.NamespaceMode_NODE
	var address netip.Addr
	if ownNetwork {
		flags |= unix.CLONE_NEWNET
		address = netip.AddrFrom4([4]byte{10, byte(244 + number>>16), byte(number >> 8), byte(number)})
		pod.address = address.String()
	}
	var err error
	pod.namespaces, err = newNamespaces(flags, func() error {
		if ownNetwork {
			if err := setUpLoopback(address); err != nil {
				return err
			}
		}
		if config.Hostname == "" {
			return nil
		}
		return unix.Sethostname([]byte(config.Hostname))
	})
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pods[id] = pod
	return pod, nil
}

// stop ends the Pod's containers at once.
func (p *pods) stop(pod *pod) {
	for _, container := range p.containersOf(pod) {
		container.stop(0)
	}
	pod.mu.Lock()
	defer pod.mu.Unlock()
	if !pod.stopped {
		pod.stopped = true
		pod.namespaces.close()
	}
}

// remove stops the Pod too, and is content when there is none.
func (p *pods) remove(id string) error {
	pod, err := p.pod(id)
	if err != nil {
		return nil
	}
	p.stop(pod)
	for _, container := range p.containersOf(pod) {
		if err := p.removeContainer(container.id); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pods, id)
	return nil
}

func (p *pods) removeContainer(id string) error {
	container, err := p.container(id)
	if err != nil {
		return nil
	}
	container.stop(0)
	if err := removeRoot(container.directory); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.containers, id)
	return nil
}

// close removes all Pods.
func (p *pods) close() {
	for _, pod := range p.allPods() {
		_ = p.remove(pod.id)
	}
}

func (p *pods) pod(id string) (*pod, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pod, found := p.pods[id]; found {
		return pod, nil
	}
	return nil, status.Errorf(codes.NotFound, "no pod sandbox %q", id)
}

func (p *pods) container(id string) (*container, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if container, found := p.containers[id]; found {
		return container, nil
	}
	return nil, status.Errorf(codes.NotFound, "no container %q", id)
}

func (p *pods) allPods() []*pod {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Values(p.pods))
}

func (p *pods) allContainers() []*container {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Values(p.containers))
}

func (p *pods) containersOf(pod *pod) []*container {
	return slices.DeleteFunc(p.allContainers(), func(c *container) bool { return c.pod != pod })
}

// create makes the files of a container; nothing runs yet.
func (p *pods) create(pod *pod, config *cri.ContainerConfig) (*container, error) {
	id, _ := p.newID("container")
	container, err := newContainer(id, pod, config, filepath.Join(p.directory, id))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.containers[id] = container
	return container, nil
}

func (p *pod) state() cri.PodSandboxState {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return cri.PodSandboxState_SANDBOX_NOTREADY
	}
	return cri.PodSandboxState_SANDBOX_READY
}
