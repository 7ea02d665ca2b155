package adsync

import (
	"context"
	"io"
)

// Transport opens connections to the worker of one server. Each connection has
// a worker of its own, which ends when the connection is closed.
//
// Open gives up when its context ends. Close of what it returns must end a Read
// or Write that is under way: that is how a hung worker is got rid of.
type Transport interface {
	Open(ctx context.Context) (io.ReadWriteCloser, error)
}

// TransportFunc lets a function be a Transport.
type TransportFunc func(ctx context.Context) (io.ReadWriteCloser, error)

// Open calls the function.
func (f TransportFunc) Open(ctx context.Context) (io.ReadWriteCloser, error) { return f(ctx) }
