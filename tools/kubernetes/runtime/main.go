// Command container-runtime lets a kubelet run Pods whose containers are
// processes of this machine. See README.md.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-streaming/pkg/streaming"
)

// The main thread cannot end before the process; it must not become that of a Pod.
func init() { runtime.LockOSThread() }

func main() {
	if len(os.Args) == 2 && os.Args[1] == initCommand {
		runInit()
	}
	socket := flag.String("socket", "", "path of the socket that CRI is served on")
	directory := flag.String("directory", "", "an empty directory, for a file system that vanishes with this process")
	flag.Parse()
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	if err := serve(*socket, *directory); err != nil {
		log.Fatal(err)
	}
}

// serve returns when it is told to end by a signal. No process of a Pod is left then.
func serve(socket, directory string) error {
	// Modes are meant as they are written.
	unix.Umask(0)
	if err := prepareNode(directory); err != nil {
		return err
	}
	pods := newPods(directory)
	streams, err := serveStreams(pods)
	if err != nil {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	cri.RegisterRuntimeServiceServer(server, &runtimeService{pods: pods, streams: streams})
	cri.RegisterImageServiceServer(server, &imageService{})
	go func() {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, unix.SIGTERM, unix.SIGINT)
		<-signals
		server.Stop()
	}()
	log.Printf("serving on %s", socket)
	err = server.Serve(listener)
	pods.close()
	return err
}

// serveStreams serves exec, attach and port-forward to the kubelet, on a port
// of loopback. What it serves can be asked for only with a token from CRI.
func serveStreams(pods *pods) (streaming.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	config := streaming.DefaultConfig
	config.BaseURL = &url.URL{Scheme: "http", Host: listener.Addr().String()}
	server, err := streaming.NewServer(config, streams{pods})
	if err != nil {
		return nil, err
	}
	go func() { log.Fatal(http.Serve(listener, server)) }()
	return server, nil
}
