package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// initCommand as the only argument makes this program the first process of a
// container's PID namespace: with it ends everything in there. It passes SIGTERM
// on, so that a process without a handler ends as it does elsewhere.
const initCommand = "init"

// specFile is where init reads the process from, as JSON.
const specFile = 3

const exitCannotRun = 127

// runInit ends as the process that it runs: with its exit code, or 128 and the number of the signal.
func runInit() {
	code, err := superviseProcess()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = exitCannotRun
	}
	os.Exit(code)
}

func superviseProcess() (int, error) {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, unix.SIGTERM)
	spec := os.NewFile(specFile, "spec")
	var process process
	if err := json.NewDecoder(spec).Decode(&process); err != nil {
		return 0, err
	}
	spec.Close()
	// Seen from here, /proc shows the processes of this namespace.
	if err := unix.Mount("proc", filepath.Join(process.Root, "proc"), "proc", 0, ""); err != nil {
		return 0, fmt.Errorf("mounting /proc: %w", err)
	}
	command, err := process.command()
	if err != nil {
		return 0, err
	}
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		return 0, err
	}
	// Who writes to a pipe that nobody reads any more should be told.
	os.Stdin.Close()
	go func() {
		for range signals {
			_ = command.Process.Signal(unix.SIGTERM)
		}
	}()
	for {
		var status unix.WaitStatus
		ended, err := unix.Wait4(-1, &status, 0, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return 0, err
		case ended == command.Process.Pid:
			return exitCodeOf(status), nil
		}
	}
}

func exitCodeOf(status unix.WaitStatus) int {
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}
