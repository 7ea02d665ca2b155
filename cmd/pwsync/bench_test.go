package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pwsync/pwsync/checks"
)

// BenchmarkFiftyAtOnce lets fifty people ask about fifty people at the same
// time. An iteration is one such wave; the metrics are over all answers.
func BenchmarkFiftyAtOnce(b *testing.B) {
	const crowd = 50
	r := runningLab(b, crowd)
	var whom []string
	for _, p := range r.estate.lab.Users() {
		if p.UPN != "" && len(whom) < crowd {
			whom = append(whom, p.UPN)
		}
	}
	var mu sync.Mutex
	var acks, answers []time.Duration
	wave := func(measured bool) {
		var wg sync.WaitGroup
		for i := range crowd {
			wg.Go(func() {
				_, ack, answer := r.ask(b, colleague(i), helpdesk, "user "+whom[i%len(whom)])
				mu.Lock()
				defer mu.Unlock()
				if measured {
					acks, answers = append(acks, ack), append(answers, answer)
				}
			})
		}
		wg.Wait()
	}
	wave(false)
	for b.Loop() {
		// A person may ask 30 times a minute; the waves keep below that.
		if len(acks) >= 15*crowd {
			b.StopTimer()
			time.Sleep(time.Minute)
			b.StartTimer()
		}
		wave(true)
	}
	b.ReportMetric(float64(percentile(acks, 99).Microseconds())/1000, "ack-p99-ms")
	b.ReportMetric(float64(percentile(answers, 50).Microseconds())/1000, "answer-p50-ms")
	b.ReportMetric(float64(percentile(answers, 99).Microseconds())/1000, "answer-p99-ms")
}

func percentile(all []time.Duration, p int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, len(all)*p/100)]
}

// BenchmarkStartUp starts the real program until its page has an address, and
// reports the memory that it then occupies.
func BenchmarkStartUp(b *testing.B) {
	program := filepath.Join(b.TempDir(), "pwsync")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	var took time.Duration
	var resident int
	for b.Loop() {
		start := time.Now()
		ctx, stop := context.WithCancel(context.Background())
		cmd := exec.CommandContext(ctx, program, "lab", "--listen", "127.0.0.1:0")
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			b.Fatal(err)
		}
		took += time.Since(start)
		resident = max(resident, residentKB(cmd.Process.Pid))
		stop()
		_ = cmd.Wait()
	}
	b.ReportMetric(float64(took.Milliseconds())/float64(b.N), "start-ms")
	b.ReportMetric(float64(resident)/1024, "resident-MB")
}

func residentKB(pid int) int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		var kb int
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kb); err == nil {
			return kb
		}
	}
	return 0
}

// BenchmarkEvaluate judges the health of 50 connectors with 20 domains each.
func BenchmarkEvaluate(b *testing.B) {
	facts, _ := testLab(b).ask(b, "")
	list, _ := facts.Servers[0].Connectors.Get()
	var template checks.Connector
	var wide []checks.Connector
	for _, c := range list {
		if c.IsAD() {
			template = c
		} else {
			wide = append(wide, c)
		}
	}
	var domain checks.Partition
	for _, p := range template.Partitions {
		if p.IsDomain {
			domain = p
		}
	}
	for i := range 50 {
		c := template
		c.Forest, c.Name = fmt.Sprintf("forest%d.example", i), fmt.Sprintf("forest%d.example", i)
		c.Partitions = nil
		for j := range 20 {
			p := domain
			p.Name = fmt.Sprintf("d%d.forest%d.example", j, i)
			p.DN = "DC=" + strings.ReplaceAll(p.Name, ".", ",DC=")
			c.Partitions = append(c.Partitions, p)
		}
		wide = append(wide, c)
	}
	facts.Servers[0].Connectors = checks.Got("composed", wide)
	facts.Forests = nil
	b.ReportAllocs()
	for b.Loop() {
		if r := checks.Answer(facts); len(r.Results) < 50*20 {
			b.Fatalf("%d results", len(r.Results))
		}
	}
}
