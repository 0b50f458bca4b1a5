package main

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// maxLogLine is the longest text of one line of a log; longer ones are written in parts.
const maxLogLine = 16 << 10

// drainTimeout is how long those who are attached may take to read what a container wrote before its end.
const drainTimeout = 5 * time.Second

// output is what a container writes: for its log, and for those who are attached. It waits for both.
type output struct {
	path string
	// done is closed when there will be no more.
	done chan struct{}

	mu      sync.Mutex
	file    *os.File
	clients map[*client]struct{}
}

// client is somebody who is attached. Streams that it does not want are nil.
type client struct {
	stdout, stderr io.WriteCloser
	// gone is closed when it gets no more.
	gone chan struct{}
}

func (c *client) writer(stream string) io.Writer {
	if stream == "stderr" {
		return c.stderr
	}
	return c.stdout
}

func newOutput(path string) (*output, error) {
	o := &output{path: path, done: make(chan struct{}), clients: map[*client]struct{}{}}
	return o, o.reopen()
}

// reopen goes on in a new file when the old one has been moved away.
func (o *output) reopen() error {
	if err := os.MkdirAll(filepath.Dir(o.path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(o.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file != nil {
		o.file.Close()
	}
	o.file = file
	return nil
}

// attach has the client told of all that comes from now on.
func (o *output) attach(c *client) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clients[c] = struct{}{}
}

func (o *output) detach(clients ...*client) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range clients {
		if _, attached := o.clients[c]; attached {
			delete(o.clients, c)
			close(c.gone)
		}
	}
}

func (o *output) attached() []*client {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Collect(maps.Keys(o.clients))
}

// drain returns when everything has been written. The container has ended; clients that do not read lose the rest.
func (o *output) drain() {
	select {
	case <-o.done:
	case <-time.After(drainTimeout):
		o.detach(o.attached()...)
		<-o.done
	}
}

// copy reads the streams to their ends.
func (o *output) copy(streams map[string]*os.File) {
	var all sync.WaitGroup
	for name, file := range streams {
		if file != nil {
			all.Go(func() { o.copyStream(name, file) })
		}
	}
	all.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.file.Close()
	close(o.done)
}

func (o *output) copyStream(stream string, from *os.File) {
	var line []byte
	buffer := make([]byte, 32<<10)
	for {
		// A terminal whose other side has been closed answers with an error; there is no more either way.
		n, err := from.Read(buffer)
		line = append(line, buffer[:n]...)
		entries, rest := logEntries(stream, line, err != nil)
		line = append(line[:0], rest...)
		o.write(stream, buffer[:n], entries)
		if err != nil {
			return
		}
	}
}

func (o *output) write(stream string, text, entries []byte) {
	o.mu.Lock()
	_, _ = o.file.Write(entries)
	o.mu.Unlock()
	for _, c := range o.attached() {
		if writer := c.writer(stream); writer != nil && len(text) > 0 {
			if _, err := writer.Write(text); err != nil {
				o.detach(c)
			}
		}
	}
}

// logEntries is the text in the format of CRI logs, but for a last line that may go on.
func logEntries(stream string, text []byte, isEnd bool) (entries, rest []byte) {
	now := time.Now().UTC().Format(time.RFC3339Nano)
	for len(text) > 0 {
		tag, end, next := "F", bytes.IndexByte(text, '\n'), 0
		switch {
		case end >= 0 && end <= maxLogLine:
			next = end + 1
		case len(text) > maxLogLine:
			tag, end, next = "P", maxLogLine, maxLogLine
		case isEnd:
			tag, end, next = "P", len(text), len(text)
		default:
			return entries, text
		}
		entries = append(entries, now+" "+stream+" "+tag+" "...)
		entries = append(append(entries, text[:end]...), '\n')
		text = text[next:]
	}
	return entries, nil
}
