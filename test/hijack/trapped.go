// SPDX-License-Identifier: GPL-2.0
// trapped.go - What a Go program does on its network, without libc
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

const (
	size    = 100000
	clients = 50
	rounds  = 5
)

func must(err error) {
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func fetch(url string) bool {
	response, err := http.Get(url)
	must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return err == nil && len(body) == size
}

func fetches() {
	var good, busy int32 = 0, 1
	var all sync.WaitGroup
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write(bytes.Repeat([]byte("x"), size))
	}))
	// It never gives way by itself: others run because a signal interrupts it.
	go func() {
		for atomic.LoadInt32(&busy) == 1 {
		}
	}()
	for i := 0; i < clients; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for j := 0; j < rounds; j++ {
				if fetch("http://" + listener.Addr().String()) {
					atomic.AddInt32(&good, 1)
				}
			}
		}()
	}
	all.Wait()
	atomic.StoreInt32(&busy, 0)
	fmt.Printf("responses: %d of %d bytes\n", good, size)
}

func children() {
	out, err := exec.Command("/bin/echo", "from a child").Output()
	must(err)
	fmt.Printf("child: %s", out)
	err = exec.Command("/no/such").Run()
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Println("missing: no such file or directory")
	}
}

func fault() {
	defer func() {
		if recover() != nil {
			fmt.Println("recovered")
		}
	}()
	var nowhere *int
	*nowhere = 1
}

func main() {
	fetches()
	children()
	fault()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	must(syscall.Kill(os.Getpid(), syscall.SIGUSR1))
	fmt.Println("signal:", <-signals)
	path, err := os.Executable()
	must(err)
	fmt.Println("executable:", path)
	interfaces, err := net.Interfaces()
	must(err)
	fmt.Print("interfaces:")
	for _, each := range interfaces {
		fmt.Print(" ", each.Name)
	}
	fmt.Println()
}
