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
// added after delays between that and twice as long, and it is waited until all have been taken. Without delays all is done
// twice, since the first time pays for a heap that grows.
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
	if *delay == 0 {
		workThrough(keys, 0)
	}
	return json.NewEncoder(os.Stdout).Encode(workThrough(keys, *delay))
}

func workThrough(keys []string, delay time.Duration) workqueueResult {
	heap := heapBytes()
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]())
	defer queue.ShutDown()
	result := workqueueResult{Items: len(keys)}

	started, cpu := time.Now(), cpuTime()
	for i, key := range keys {
		if delay > 0 {
			queue.AddAfter(key, delay+time.Duration(scatter(i)*float64(delay)))
		} else {
			queue.Add(key)
		}
	}
	result.AddMs, result.AddCPUMs = milliseconds(time.Since(started)), milliseconds(cpuTime()-cpu)
	if delay == 0 {
		result.HeapBytes = heapBytes() - heap
	}

	started, cpu = time.Now(), cpuTime()
	for range keys {
		key, _ := queue.Get()
		queue.Forget(key)
		queue.Done(key)
	}
	result.TakeMs, result.TakeCPUMs = milliseconds(time.Since(started)), milliseconds(cpuTime()-cpu)
	runtime.KeepAlive(keys)
	return result
}

// scatter spreads numbers over [0, 1) in an order that is the same everywhere, by the golden ratio.
func scatter(number int) float64 {
	position := float64(number) * 0.618033988749895
	return position - float64(int(position))
}
