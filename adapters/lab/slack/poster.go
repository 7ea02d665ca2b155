package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// poster is the carrier of HTTP mode: every parcel is a signed POST to one of
// the app's request URLs, and the response is its acknowledgement.
type poster struct {
	w      *Workspace
	client *http.Client
}

func newPoster(w *Workspace) *poster {
	return &poster{w: w, client: &http.Client{
		Timeout:   w.timing.ack,
		Transport: &http.Transport{DisableKeepAlives: true},
		// Slack does not follow redirects of request URLs.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (p *poster) ready(context.Context) error { return nil }

func (p *poster) carry(ctx context.Context, parc parcel, attempt int, reason string) (json.RawMessage, error) {
	target, contentType, body := p.request(parc)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("build request for %q: %w", target, err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", sign(p.w.cfg.SigningSecret, stamp, body))
	if attempt > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(attempt))
		req.Header.Set("X-Slack-Retry-Reason", retryHeader(reason))
	}
	if p.w.faults.active(faultDuplicate) {
		p.again(req, body)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		var timeout interface{ Timeout() bool }
		if errors.As(err, &timeout) && timeout.Timeout() {
			return nil, errTimeout
		}
		return nil, errNobody
	}
	defer func() { _ = resp.Body.Close() }()
	return p.acknowledgement(parc, resp)
}

// again sends a copy of the request ahead of it; nobody waits for its answer.
func (p *poster) again(req *http.Request, body string) {
	dup := req.Clone(p.w.ctx)
	dup.Body = io.NopCloser(strings.NewReader(body))
	p.w.background.start(func() {
		if resp, err := p.client.Do(dup); err == nil {
			_ = resp.Body.Close()
		}
	})
}

// request tells where a parcel goes and what it looks like there.
func (p *poster) request(parc parcel) (target, contentType, body string) {
	const form = "application/x-www-form-urlencoded"
	switch parc.kind {
	case kindSlash:
		values := url.Values{}
		for name, v := range parc.payload {
			values.Set(name, fmt.Sprint(v))
		}
		return p.w.cfg.HTTP.Commands, form, values.Encode()
	case kindInteractive:
		return p.w.cfg.HTTP.Interactivity, form, url.Values{"payload": {string(encode(parc.payload))}}.Encode()
	default:
		return p.w.cfg.HTTP.Events, "application/json", string(encode(parc.payload))
	}
}

// acknowledgement reads the app's response: 200 acknowledges, and its body is
// the payload, JSON or plain text.
func (p *poster) acknowledgement(parc parcel, resp *http.Response) (json.RawMessage, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, errNobody
	}
	if p.w.faults.active(faultDropAck) {
		return nil, errTimeout
	}
	body = bytes.TrimSpace(body)
	switch {
	case !parc.accepts || len(body) == 0:
		return nil, nil
	case json.Valid(body):
		return body, nil
	default:
		return encode(object{"text": string(body)}), nil
	}
}

// sign computes Slack's request signature.
func sign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// retryHeader is the HTTP spelling of a redelivery's reason.
func retryHeader(reason string) string {
	if reason == "timeout" {
		return "http_timeout"
	}
	return reason
}
