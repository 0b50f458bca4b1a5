package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// What a kubelet would set for the whole machine.
var kernelSettings = []string{
	"vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops",
	"kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes",
}

// Where a kubelet writes whatever it is configured to.
var kubeletDirectories = []string{"/var/lib", "/var/log"}

// prepareNode makes a file system in the directory, and hides from this mount
// namespace what a kubelet in it must not change. It must be a namespace of its
// own: what is mounted goes with it.
func prepareNode(directory string) error {
	if own, err := isOwnMountNamespace(); err != nil || !own {
		return fmt.Errorf("this is the mount namespace of the machine; run me under unshare --mount (%v)", err)
	}
	if err := unix.Mount("tmpfs", directory, "tmpfs", 0, "mode=0755"); err != nil {
		return fmt.Errorf("mounting a tmpfs: %w", err)
	}
	for _, setting := range kernelSettings {
		if err := hideFile(filepath.Join("/proc/sys", setting), filepath.Join(directory, "sysctl", setting)); err != nil {
			return err
		}
	}
	for _, path := range kubeletDirectories {
		layers := filepath.Join(directory, "node", path)
		if err := mountOverlay(path, layers, path); err != nil {
			log.Printf("no overlay of %s, the kubelet may leave files there: %v", path, err)
		}
	}
	return nil
}

// isOwnMountNamespace compares with process 1. Where that cannot be seen
// there is nothing to compare.
func isOwnMountNamespace() (bool, error) {
	own, err := os.Readlink("/proc/self/ns/mnt")
	if err != nil {
		return false, err
	}
	first, err := os.Readlink("/proc/1/ns/mnt")
	return err != nil || own != first, nil
}

// hideFile binds a copy over a file.
func hideFile(path, copied string) error {
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(copied, content, 0o644); err != nil {
		return err
	}
	return bind(copied, path, false)
}

// mountOverlay mounts at target what is at lower; what is written there goes to layers.
func mountOverlay(lower, layers, target string) error {
	upper, work := filepath.Join(layers, "upper"), filepath.Join(layers, "work")
	for _, directory := range []string{upper, work} {
		if err := os.MkdirAll(directory, 0o755); err != nil {
			return err
		}
	}
	options := strings.Join([]string{"lowerdir=" + lower, "upperdir=" + upper, "workdir=" + work}, ",")
	return unix.Mount("overlay", target, "overlay", 0, options)
}

// bind makes source appear at target, with what is mounted below it.
func bind(source, target string, readOnly bool) error {
	if err := unix.Mount(source, target, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("binding %s to %s: %w", source, target, err)
	}
	if !readOnly {
		return nil
	}
	return unix.Mount("", target, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
}
