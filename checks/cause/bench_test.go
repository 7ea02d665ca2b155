package cause_test

import (
	"strings"
	"testing"

	"github.com/pwsync/pwsync/checks/cause"
)

func BenchmarkRead(b *testing.B) {
	text := cycle611("example.test", rpc("8453", "Replication access was denied")) + info("EXAMPLE.TEST", guidA)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		cause.Read(cause.Raw{ID: 611, Source: phs, Text: text})
	}
}

func BenchmarkExplain(b *testing.B) {
	for name, middle := range map[string]string{
		"prose":  "2025-08-14 something happened on the server and it was fine\n",
		"events": viewer("611", phs, cycle611("a.test", rpc("8453", "x"))),
		"blanks": strings.Repeat(" ", 64),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(4 << 20)
			for b.Loop() {
				if _, err := cause.Explain(stream("", middle, "", 4<<20)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
