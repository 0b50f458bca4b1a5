package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const protobuf = "application/vnd.kubernetes.protobuf"

type informerResult struct {
	Pods      int     `json:"pods"`
	WallMs    float64 `json:"wallMs"`
	CPUMs     float64 `json:"cpuMs"`
	HeapBytes int64   `json:"heapBytes"`
	Events    int64   `json:"events"`
	EventsMs  float64 `json:"eventsMs"`
	EventsCPU float64 `json:"eventsCpuMs"`
}

// runInformer lets an informer of pods sync, with a handler and an index by node as the others have, and then counts what it
// is told of changes, once it has asked for them.
func runInformer(args []string) error {
	flags := flag.NewFlagSet("informer", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "how to reach the server")
	as := flags.String("as", "protobuf", "protobuf, json or dynamic")
	strip := flags.Bool("strip", false, "drop managedFields in a transform")
	events := flags.Int64("events", 0, "how many changes to wait for")
	start := flags.String("start", "", "the URL that lets them begin")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	// Without the limit of its own, which would be all that is measured.
	config.QPS = -1
	informer, err := newInformer(config, *as)
	if err != nil {
		return err
	}
	if *strip {
		if err := informer.SetTransform(withoutManagedFields); err != nil {
			return err
		}
	}
	if err := informer.AddIndexers(cache.Indexers{"node": nodeOf}); err != nil {
		return err
	}
	var added, changed atomic.Int64
	done := make(chan struct{})
	handlers := make([]cache.ResourceEventHandlerRegistration, 3)
	for i := range handlers {
		first := i == 0
		handlers[i], err = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: func(any) {
				if first {
					added.Add(1)
				}
			},
			UpdateFunc: func(any, any) {
				if first && changed.Add(1) == *events {
					close(done)
				}
			},
		})
		if err != nil {
			return err
		}
	}

	heap := heapBytes()
	started, cpu := time.Now(), cpuTime()
	stop := make(chan struct{})
	defer close(stop)
	go informer.Run(stop)
	for _, handler := range handlers {
		if !cache.WaitForCacheSync(stop, fastPoll(handler.HasSynced)) {
			return fmt.Errorf("the informer stopped before it had synced")
		}
	}
	result := informerResult{
		Pods:   len(informer.GetStore().ListKeys()),
		WallMs: milliseconds(time.Since(started)),
		CPUMs:  milliseconds(cpuTime() - cpu),
	}
	result.HeapBytes = heapBytes() - heap
	if *events > 0 {
		started, cpu = time.Now(), cpuTime()
		response, err := http.Post(*start, "", nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return err
		}
		<-done
		result.Events = changed.Load()
		result.EventsMs = milliseconds(time.Since(started))
		result.EventsCPU = milliseconds(cpuTime() - cpu)
	}
	runtime.KeepAlive(informer)
	return json.NewEncoder(os.Stdout).Encode(result)
}

// fastPoll waits within the call: WaitForCacheSync itself looks every 100 ms, which is not what the informer takes.
func fastPoll(synced cache.InformerSynced) cache.InformerSynced {
	return func() bool {
		for !synced() {
			time.Sleep(time.Millisecond)
		}
		return true
	}
}

func newInformer(config *rest.Config, as string) (cache.SharedIndexInformer, error) {
	switch as {
	case "dynamic":
		client, err := dynamic.NewForConfig(config)
		if err != nil {
			return nil, err
		}
		pods := corev1.SchemeGroupVersion.WithResource("pods")
		return dynamicinformer.NewDynamicSharedInformerFactory(client, 0).ForResource(pods).Informer(), nil
	case "json":
		config.ContentType = "application/json"
		config.AcceptContentTypes = "application/json"
	case "protobuf":
		config.ContentType = protobuf
		config.AcceptContentTypes = protobuf + ",application/json"
	default:
		return nil, fmt.Errorf("-as: expected protobuf, json or dynamic, got %q", as)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return informers.NewSharedInformerFactory(client, 0).Core().V1().Pods().Informer(), nil
}

func withoutManagedFields(object any) (any, error) {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return object, nil
	}
	accessor.SetManagedFields(nil)
	return object, nil
}

func nodeOf(object any) ([]string, error) {
	switch pod := object.(type) {
	case *corev1.Pod:
		return []string{pod.Spec.NodeName}, nil
	case interface{ UnstructuredContent() map[string]any }:
		spec, _ := pod.UnstructuredContent()["spec"].(map[string]any)
		node, _ := spec["nodeName"].(string)
		return []string{node}, nil
	}
	return nil, fmt.Errorf("expected a pod, got %T", object)
}

// heapBytes is what is in use after a collection of all garbage.
func heapBytes() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
