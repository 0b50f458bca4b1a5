package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"k8s.io/client-go/util/workqueue"
)

type workqueueResult struct {
	Items     int     `json:"items"`
	AddMs     float64 `json:"addMs"`
	AddCPUMs  float64 `json:"addCpuMs"`
	HeapBytes int64   `json:"heapBytes"`
	TakeMs    float64 `json:"takeMs"`
	TakeCPUMs float64 `json:"takeCpuMs"`
}

// runWorkqueue adds keys to the queue that controllers have, and then takes each and is done with it; with -delay they are
// added after delays between that and twice as long, and it is waited until all have been taken.
func runWorkqueue(args []string) error {
	flags := flag.NewFlagSet("workqueue", flag.ContinueOnError)
	items := flags.Int("items", 1_000_000, "how many keys")
	delay := flags.Duration("delay", 0, "the shortest delay")
	if err := flags.Parse(args); err != nil {
		return err
	}
	keys := make([]string, *items)
	for i := range keys {
		keys[i] = fmt.Sprintf("team-%d/pod-%d", i%50, i)
	}
	heap := heapBytes()
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]())
	result := workqueueResult{Items: *items}

	started, cpu := time.Now(), cpuTime()
	for i, key := range keys {
		if *delay > 0 {
			queue.AddAfter(key, *delay+time.Duration(scatter(i)*float64(*delay)))
		} else {
			queue.Add(key)
		}
	}
	result.AddMs, result.AddCPUMs = milliseconds(time.Since(started)), milliseconds(cpuTime()-cpu)
	result.HeapBytes = heapBytes() - heap

	taking, cpu := time.Now(), cpuTime()
	if *delay > 0 {
		taking = started
	}
	for range keys {
		key, _ := queue.Get()
		queue.Forget(key)
		queue.Done(key)
	}
	result.TakeMs, result.TakeCPUMs = milliseconds(time.Since(taking)), milliseconds(cpuTime()-cpu)
	queue.ShutDown()
	runtime.KeepAlive(keys)
	return json.NewEncoder(os.Stdout).Encode(result)
}

// scatter spreads numbers over [0, 1) in an order that is the same everywhere, by the golden ratio.
func scatter(number int) float64 {
	position := float64(number) * 0.618033988749895
	return position - float64(int(position))
}
