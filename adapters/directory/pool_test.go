package directory

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

func TestARefusedSignInIsWordedAndNotRepeated(t *testing.T) {
	tests := map[string]string{
		"80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 52e, v4f7c": "the user name or the password is wrong (data 52e)",
		"80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 775, v4f7c": "locked out (data 775)",
		"80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data 533, v4f7c": "disabled (data 533)",
		"80090308: LdapErr: DSID-0C090569, comment: AcceptSecurityContext error, data abc, v4f7c": "(data abc)",
		"go away": "gave no reason",
	}
	for text, want := range tests {
		t.Run(want, func(t *testing.T) {
			s := serve(t, nobody)
			s.bind = func(string, string) (int, string) { return 49, text }
			f := forest(t, nil, s)
			for range 5 {
				_, err := f.Find(t.Context(), read(t, "x"), 1)
				if !errors.Is(err, fs.ErrPermission) {
					t.Fatalf("the error is %v", err)
				}
				contains(t, "error", err.Error(), want)
			}
			if _, binds, _ := s.seen(); binds != 1 {
				t.Errorf("the refused password was tried %d times", binds)
			}
		})
	}
	t.Run("a new password is tried at once", func(t *testing.T) {
		s := serve(t, nobody)
		password := "old"
		f := forest(t, func(c *Config) { c.Password = func() (string, error) { return password, nil } }, s)
		if _, err := f.Find(t.Context(), read(t, "x"), 1); err == nil {
			t.Fatal("the old password was taken")
		}
		password = testPassword
		if _, err := f.Find(t.Context(), read(t, "x"), 1); err != nil {
			t.Error(err)
		}
	})
	t.Run("a password that cannot be read, or is empty, is not tried", func(t *testing.T) {
		s := serve(t, nobody)
		for _, err := range []error{errVault, nil} {
			f := forest(t, func(c *Config) { c.Password = func() (string, error) { return "", err } }, s)
			if _, got := f.Find(t.Context(), read(t, "x"), 1); got == nil || err != nil && !errors.Is(got, err) {
				t.Errorf("the error is %v", got)
			}
		}
		if opened, _, _ := s.seen(); opened != 0 {
			t.Error("a connection was opened")
		}
	})
}

func TestAConnectionIsKeptAndReplacedOnceWhenItDied(t *testing.T) {
	s := serve(t, nobody)
	f := forest(t, nil, s)
	ask := func() {
		t.Helper()
		if _, err := f.Find(t.Context(), read(t, "x"), 1); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	ask()
	if opened, binds, _ := s.seen(); opened != 1 || binds != 1 {
		t.Errorf("%d connections and %d binds for two questions", opened, binds)
	}
	s.dropAll()
	ask()
	if opened, _, _ := s.seen(); opened != 2 {
		t.Errorf("%d connections after one died", opened)
	}
}

func TestAServerThatDropsEveryQuestionIsAskedTwiceAtMost(t *testing.T) {
	down := false
	var mu sync.Mutex
	s := serve(t, func(asked) said { mu.Lock(); defer mu.Unlock(); return said{drop: down} })
	f := forest(t, nil, s)
	if _, err := f.Find(t.Context(), read(t, "x"), 1); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	down = true
	mu.Unlock()
	_, err := f.Find(t.Context(), read(t, "x"), 1)
	if err == nil {
		t.Fatal("there is no error")
	}
	contains(t, "error", err.Error(), "the connection to the domain controller was lost")
	if _, _, searches := s.seen(); len(searches) != 3 {
		t.Errorf("%d searches", len(searches))
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	s := serve(t, func(asked) said { return said{hang: true} })
	f := forest(t, func(c *Config) { c.Connections = 1 }, s)
	t.Run("at its deadline", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := f.User(ctx, ngozi); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("when it is withdrawn, also while it waits for a connection", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := f.User(ctx, ngozi); !errors.Is(err, context.Canceled) {
					t.Errorf("the error is %v", err)
				}
			})
		}
		time.Sleep(50 * time.Millisecond)
		cancel()
		wg.Wait()
	})
	t.Run("when the forest is closed", func(t *testing.T) {
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := f.User(t.Context(), ngozi); !errors.Is(err, errClosed) {
				t.Errorf("the error is %v", err)
			}
		})
		time.Sleep(50 * time.Millisecond)
		f.Close()
		wg.Wait()
	})
}

func TestAControllerThatDoesNotReadEndsTheCallInTime(t *testing.T) {
	f := forest(t, nil, serve(t, nobody))
	near, far := net.Pipe()
	defer far.Close()
	f.domains[0].pool.dial = func(context.Context, string, string) (net.Conn, error) { return near, nil }
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	done := make(chan error, 1)
	go func() { _, err := f.User(ctx, ngozi); done <- err }()
	select {
	case err := <-done:
		if err == nil {
			t.Error("there is no error")
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the call hangs")
	}
}

func TestTheNextControllerIsAskedWhenOneIsDown(t *testing.T) {
	up := serve(t, nobody)
	down, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "ldap://" + down.Addr().String()
	down.Close()
	f := forest(t, func(c *Config) { c.Domains[0].URLs = []string{dead, up.url()} }, up)
	if _, err := f.Find(t.Context(), read(t, "x"), 1); err != nil {
		t.Error(err)
	}
	f = forest(t, func(c *Config) { c.Domains[0].URLs = []string{dead} }, up)
	_, err = f.Find(t.Context(), read(t, "x"), 1)
	if err == nil {
		t.Fatal("there is no error")
	}
	contains(t, "error", err.Error(), "no domain controller of north.example could be used: 127.0.0.1: connect: ")
}

func TestAnEndlessReplyIsCutOff(t *testing.T) {
	big := entryOf(ngozi, map[string][]string{"objectClass": {strings.Repeat("x", 1<<10)}})
	entries := make([]*ldap.Entry, 40)
	for i := range entries {
		entries[i] = big
	}
	f := forest(t, nil, serve(t, func(asked) said { return said{entries: entries} }))
	f.domains[0].pool.reply = 16 << 10
	if _, err := f.Find(t.Context(), read(t, "x"), 100); err == nil || !errors.Is(err, errDied) {
		t.Errorf("the error is %v", err)
	}
}

func TestLDAPSIsVerified(t *testing.T) {
	// A certificate for 127.0.0.1 is at hand in net/http/httptest.
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	s := serve(t, nobody)
	inner := s.listener.Addr().String()
	front, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: web.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer front.Close()
	go func() {
		for {
			c, err := front.Accept()
			if err != nil {
				return
			}
			back, err := net.Dial("tcp", inner)
			if err != nil {
				c.Close()
				return
			}
			go func() { _, _ = io.Copy(back, c); back.Close() }()
			go func() { _, _ = io.Copy(c, back); c.Close() }()
		}
	}()
	pool := x509.NewCertPool()
	pool.AddCert(web.Certificate())
	over := func(roots *x509.CertPool) error {
		f := forest(t, func(c *Config) {
			c.AllowPlain, c.TLS = false, &tls.Config{RootCAs: roots}
			c.Domains[0].URLs = []string{"ldaps://" + front.Addr().String()}
		}, s)
		_, err := f.Find(t.Context(), read(t, "x"), 1)
		return err
	}
	if err := over(pool); err != nil {
		t.Error(err)
	}
	if err := over(x509.NewCertPool()); err == nil {
		t.Error("a certificate of an unknown authority was accepted")
	} else {
		contains(t, "error", err.Error(), "start TLS: ")
	}
}
