package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-streaming/pkg/streaming"
)

const runtimeName = "processes"

// runtimeService is CRI's, as far as a kubelet calls it.
type runtimeService struct {
	cri.UnimplementedRuntimeServiceServer
	pods    *pods
	streams streaming.Server
}

func (s *runtimeService) Version(context.Context, *cri.VersionRequest) (*cri.VersionResponse, error) {
	return &cri.VersionResponse{
		Version: "0.1.0", RuntimeName: runtimeName, RuntimeVersion: "0.1.0", RuntimeApiVersion: "v1",
	}, nil
}

func (s *runtimeService) Status(context.Context, *cri.StatusRequest) (*cri.StatusResponse, error) {
	return &cri.StatusResponse{Status: &cri.RuntimeStatus{Conditions: []*cri.RuntimeCondition{
		{Type: cri.RuntimeReady, Status: true}, {Type: cri.NetworkReady, Status: true},
	}}}, nil
}

func (s *runtimeService) RuntimeConfig(context.Context, *cri.RuntimeConfigRequest) (*cri.RuntimeConfigResponse, error) {
	linux := &cri.LinuxRuntimeConfiguration{CgroupDriver: cri.CgroupDriver_CGROUPFS}
	return &cri.RuntimeConfigResponse{Linux: linux}, nil
}

func (s *runtimeService) RunPodSandbox(_ context.Context, r *cri.RunPodSandboxRequest) (*cri.RunPodSandboxResponse, error) {
	pod, err := s.pods.run(r.Config)
	if err != nil {
		return nil, err
	}
	return &cri.RunPodSandboxResponse{PodSandboxId: pod.id}, nil
}

func (s *runtimeService) StopPodSandbox(_ context.Context, r *cri.StopPodSandboxRequest) (*cri.StopPodSandboxResponse, error) {
	if pod, err := s.pods.pod(r.PodSandboxId); err == nil {
		s.pods.stop(pod)
	}
	return &cri.StopPodSandboxResponse{}, nil
}

func (s *runtimeService) RemovePodSandbox(_ context.Context, r *cri.RemovePodSandboxRequest) (*cri.RemovePodSandboxResponse, error) {
	return &cri.RemovePodSandboxResponse{}, s.pods.remove(r.PodSandboxId)
}

func (s *runtimeService) PodSandboxStatus(_ context.Context, r *cri.PodSandboxStatusRequest) (*cri.PodSandboxStatusResponse, error) {
	pod, err := s.pods.pod(r.PodSandboxId)
	if err != nil {
		return nil, err
	}
	return &cri.PodSandboxStatusResponse{Status: &cri.PodSandboxStatus{
		Id: pod.id, Metadata: pod.config.Metadata, State: pod.state(), CreatedAt: pod.createdAt.UnixNano(),
		Network: &cri.PodSandboxNetworkStatus{Ip: pod.address},
		Linux: &cri.LinuxPodSandboxStatus{Namespaces: &cri.Namespace{
			Options: pod.config.GetLinux().GetSecurityContext().GetNamespaceOptions(),
		}},
		Labels: pod.config.Labels, Annotations: pod.config.Annotations,
	}}, nil
}

func (s *runtimeService) ListPodSandbox(_ context.Context, r *cri.ListPodSandboxRequest) (*cri.ListPodSandboxResponse, error) {
	response := &cri.ListPodSandboxResponse{}
	for _, pod := range s.pods.allPods() {
		state, filter := pod.state(), r.GetFilter()
		if (filter.GetId() == "" || filter.GetId() == pod.id) &&
			(filter.GetState() == nil || filter.GetState().State == state) &&
			hasLabels(pod.config.Labels, filter.GetLabelSelector()) {
			response.Items = append(response.Items, &cri.PodSandbox{
				Id: pod.id, Metadata: pod.config.Metadata, State: state, CreatedAt: pod.createdAt.UnixNano(),
				Labels: pod.config.Labels, Annotations: pod.config.Annotations,
			})
		}
	}
	return response, nil
}

func (s *runtimeService) CreateContainer(_ context.Context, r *cri.CreateContainerRequest) (*cri.CreateContainerResponse, error) {
	pod, err := s.pods.pod(r.PodSandboxId)
	if err != nil {
		return nil, err
	}
	container, err := s.pods.create(pod, r.Config)
	if err != nil {
		return nil, err
	}
	return &cri.CreateContainerResponse{ContainerId: container.id}, nil
}

func (s *runtimeService) StartContainer(_ context.Context, r *cri.StartContainerRequest) (*cri.StartContainerResponse, error) {
	container, err := s.pods.container(r.ContainerId)
	if err != nil {
		return nil, err
	}
	return &cri.StartContainerResponse{}, container.start()
}

func (s *runtimeService) StopContainer(_ context.Context, r *cri.StopContainerRequest) (*cri.StopContainerResponse, error) {
	if container, err := s.pods.container(r.ContainerId); err == nil {
		container.stop(time.Duration(r.Timeout) * time.Second)
	}
	return &cri.StopContainerResponse{}, nil
}

func (s *runtimeService) RemoveContainer(_ context.Context, r *cri.RemoveContainerRequest) (*cri.RemoveContainerResponse, error) {
	return &cri.RemoveContainerResponse{}, s.pods.removeContainer(r.ContainerId)
}

func (s *runtimeService) ListContainers(_ context.Context, r *cri.ListContainersRequest) (*cri.ListContainersResponse, error) {
	response := &cri.ListContainersResponse{}
	for _, container := range s.pods.allContainers() {
		status, filter := container.status(), r.GetFilter()
		if (filter.GetId() == "" || filter.GetId() == container.id) &&
			(filter.GetPodSandboxId() == "" || filter.GetPodSandboxId() == container.pod.id) &&
			(filter.GetState() == nil || filter.GetState().State == status.State) &&
			hasLabels(status.Labels, filter.GetLabelSelector()) {
			response.Containers = append(response.Containers, &cri.Container{
				Id: status.Id, PodSandboxId: container.pod.id, Metadata: status.Metadata, Image: status.Image,
				ImageRef: status.ImageRef, State: status.State, CreatedAt: status.CreatedAt,
				Labels: status.Labels, Annotations: status.Annotations, ImageId: status.ImageId,
			})
		}
	}
	return response, nil
}

func (s *runtimeService) ContainerStatus(_ context.Context, r *cri.ContainerStatusRequest) (*cri.ContainerStatusResponse, error) {
	container, err := s.pods.container(r.ContainerId)
	if err != nil {
		return nil, err
	}
	return &cri.ContainerStatusResponse{Status: container.status()}, nil
}

func (s *runtimeService) ListContainerStats(context.Context, *cri.ListContainerStatsRequest) (*cri.ListContainerStatsResponse, error) {
	return &cri.ListContainerStatsResponse{}, nil
}

func (s *runtimeService) ReopenContainerLog(_ context.Context, r *cri.ReopenContainerLogRequest) (*cri.ReopenContainerLogResponse, error) {
	container, err := s.pods.container(r.ContainerId)
	if err != nil {
		return nil, err
	}
	return &cri.ReopenContainerLogResponse{}, container.output.reopen()
}

// ExecSync is what probes and hooks use.
func (s *runtimeService) ExecSync(ctx context.Context, r *cri.ExecSyncRequest) (*cri.ExecSyncResponse, error) {
	container, err := s.pods.container(r.ContainerId)
	if err != nil {
		return nil, err
	}
	command, near, err := container.startInside(r.Cmd, false, false)
	if err != nil {
		return nil, err
	}
	defer near.close()
	if r.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(r.Timeout)*time.Second)
		defer cancel()
	}
	// Its children may hold its output: all of the session ends.
	defer context.AfterFunc(ctx, func() { _ = unix.Kill(-command.Process.Pid, unix.SIGKILL) })()
	response := &cri.ExecSyncResponse{}
	var outputs sync.WaitGroup
	outputs.Go(func() { response.Stdout = readAll(near.stdout) })
	outputs.Go(func() { response.Stderr = readAll(near.stderr) })
	err = command.Wait()
	outputs.Wait()
	if ctx.Err() != nil {
		return nil, status.Errorf(codes.DeadlineExceeded, "command timed out after %d s", r.Timeout)
	}
	response.ExitCode = int32(exitCodeOf(waitStatusOf(command)))
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return response, err
}

func readAll(from io.Reader) []byte {
	var all bytes.Buffer
	_, _ = all.ReadFrom(from)
	return all.Bytes()
}

func waitStatusOf(command *exec.Cmd) unix.WaitStatus {
	return unix.WaitStatus(command.ProcessState.Sys().(syscall.WaitStatus))
}

func (s *runtimeService) Exec(_ context.Context, r *cri.ExecRequest) (*cri.ExecResponse, error) {
	return s.streams.GetExec(r)
}

func (s *runtimeService) Attach(_ context.Context, r *cri.AttachRequest) (*cri.AttachResponse, error) {
	return s.streams.GetAttach(r)
}

func (s *runtimeService) PortForward(_ context.Context, r *cri.PortForwardRequest) (*cri.PortForwardResponse, error) {
	return s.streams.GetPortForward(r)
}

func (c *container) status() *cri.ContainerStatus {
	state := c.state()
	c.mu.Lock()
	defer c.mu.Unlock()
	status := &cri.ContainerStatus{
		Id: c.id, Metadata: c.config.Metadata, State: state, CreatedAt: c.createdAt.UnixNano(),
		Image: c.config.Image, ImageRef: c.config.Image.Image, ImageId: c.config.Image.Image,
		Labels: c.config.Labels, Annotations: c.config.Annotations, Mounts: c.config.Mounts,
		LogPath: filepath.Join(c.pod.config.LogDirectory, c.config.LogPath),
	}
	if !c.startedAt.IsZero() {
		status.StartedAt = c.startedAt.UnixNano()
	}
	if state == cri.ContainerState_CONTAINER_EXITED {
		status.FinishedAt, status.ExitCode, status.Reason = c.finishedAt.UnixNano(), int32(c.exitCode), "Completed"
		if c.exitCode != 0 {
			status.Reason = "Error"
		}
	}
	return status
}

func hasLabels(labels, wanted map[string]string) bool {
	for name, value := range wanted {
		if labels[name] != value {
			return false
		}
	}
	return true
}
