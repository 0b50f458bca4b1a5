// What client-go takes for the work that the benchmarks measure: the peer beside which their ratios are printed.
//
//	client-go gets -kubeconfig FILE -requests N -concurrency C
//	client-go informer -kubeconfig FILE -as protobuf|json|dynamic [-strip] [-events N -start URL]
//	client-go workqueue [-items N] [-delay D]
//
// Prints one line of JSON: what was done, wall and CPU time in milliseconds, and for informers the heap in bytes.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

type result struct {
	Requests int     `json:"requests"`
	WallMs   float64 `json:"wallMs"`
	CPUMs    float64 `json:"cpuMs"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("expected gets, informer or workqueue")
	}
	switch args[0] {
	case "gets":
		return runGets(args[1:])
	case "workqueue":
		return runWorkqueue(args[1:])
	case "informer":
		return runInformer(args[1:])
	}
	return fmt.Errorf("expected gets, informer or workqueue, got %q", args[0])
}

func runGets(args []string) error {
	flags := flag.NewFlagSet("gets", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "how to reach the server")
	requests := flags.Int("requests", 1000, "how many namespaces to get")
	concurrency := flags.Int("concurrency", 1, "how many at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	client, err := newClient(*kubeconfig)
	if err != nil {
		return err
	}
	// The first ones pay for connections, and for code that is compiled as it runs: on every client alike.
	if err := gets(client, *requests/2+1, *concurrency); err != nil {
		return err
	}
	started, cpu := time.Now(), cpuTime()
	if err := gets(client, *requests, *concurrency); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result{
		Requests: *requests,
		WallMs:   milliseconds(time.Since(started)),
		CPUMs:    milliseconds(cpuTime() - cpu),
	})
}

// newClient makes a client as controllers have it, in protobuf where the server speaks it, without a limit of its own.
func newClient(kubeconfig string) (*kubernetes.Clientset, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	return kubernetes.NewForConfig(config)
}

func gets(client *kubernetes.Clientset, requests, concurrency int) error {
	var left atomic.Int64
	left.Store(int64(requests))
	errs := make(chan error, concurrency)
	var workers sync.WaitGroup
	for range concurrency {
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := client.CoreV1().Namespaces().Get(context.Background(), "default", metav1.GetOptions{}); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	workers.Wait()
	close(errs)
	return <-errs
}

// cpuTime is what this process has used so far, in user and in kernel mode.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func milliseconds(d time.Duration) float64 {
	return float64(d) / float64(time.Millisecond)
}
