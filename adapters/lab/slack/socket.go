package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

const (
	// readLimit lets frames in that are larger than Slack takes, so that
	// they can be refused in Slack's words.
	readLimit    = 64 << 10
	outboxFrames = 128
	writeTimeout = 5 * time.Second
	// farewell is how long a connection stays open after its last frame.
	farewell = time.Second
	// Lives of a connection while a fault shortens them.
	brokenLife    = 2 * time.Second
	refreshedLife = 12 * time.Second
)

// socket is one WebSocket connection of the app.
type socket struct {
	owner    *sockets
	number   int
	debug    bool
	ws       *websocket.Conn
	out      chan []byte
	ctx      context.Context
	cancel   context.CancelFunc
	retiring atomic.Bool
}

// run serves the connection until it ends.
func (c *socket) run(rw http.ResponseWriter, r *http.Request) {
	// Clients name Slack's own site as their origin. The ticket is what
	// lets them in, so the origin is not asked for.
	ws, err := websocket.Accept(rw, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		c.owner.w.cfg.Log.Debug().Err(err).Msg("handshake refused")
		return
	}
	c.ws = ws
	ws.SetReadLimit(readLimit)
	defer func() { _ = ws.CloseNow() }()
	c.ctx, c.cancel = context.WithCancel(c.owner.w.ctx)
	defer c.cancel()
	c.out = make(chan []byte, outboxFrames)
	if !c.owner.add(c) {
		c.turnAway()
		return
	}
	defer c.owner.remove(c)
	var loops sync.WaitGroup
	loops.Go(c.write)
	loops.Go(c.ping)
	loops.Go(c.age)
	c.read()
	c.cancel()
	loops.Wait()
}

// turnAway tells a connection that there are too many.
func (c *socket) turnAway() {
	ctx, cancel := context.WithTimeout(c.ctx, writeTimeout)
	defer cancel()
	if err := c.ws.Write(ctx, websocket.MessageText, disconnectFrame("too_many_websockets")); err == nil {
		_ = c.ws.Close(websocket.StatusNormalClosure, "")
	}
}

func (c *socket) hello(connections int) []byte {
	return encode(object{
		"type":            "hello",
		"num_connections": connections,
		"connection_info": object{"app_id": c.owner.w.cfg.AppID},
		"debug_info": object{
			"host":                        "applink-lab",
			"build_number":                1,
			"approximate_connection_time": int(c.life().Seconds()),
		},
	})
}

func disconnectFrame(reason string) []byte {
	return encode(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-lab"}})
}

// life is how long the connection may live.
func (c *socket) life() time.Duration {
	t := c.owner.w.timing
	switch {
	case c.owner.w.faults.active(faultRefresh):
		return refreshedLife
	case c.debug:
		return t.debugRefresh
	default:
		return t.refresh
	}
}

// send queues a frame. A peer that does not read fills its queue and is
// dropped, rather than holding anybody up.
func (c *socket) send(frame []byte) {
	select {
	case c.out <- frame:
	default:
		c.drop()
	}
}

func (c *socket) disconnect(reason string) {
	c.retiring.Store(true)
	c.send(disconnectFrame(reason))
}

// drop breaks the connection without a word.
func (c *socket) drop() { c.cancel() }

// endSoon closes the connection after the peer had time to read.
func (c *socket) endSoon() {
	c.owner.w.background.start(func() {
		if c.pause(farewell) {
			c.drop()
		}
	})
}

// pause waits, unless the connection ends first.
func (c *socket) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.ctx.Done():
		return false
	}
}

func (c *socket) write() {
	for {
		select {
		case <-c.ctx.Done():
			return
		case frame := <-c.out:
			ctx, cancel := context.WithTimeout(c.ctx, writeTimeout)
			err := c.ws.Write(ctx, websocket.MessageText, frame)
			cancel()
			if err != nil {
				c.drop()
				return
			}
		}
	}
}

// ping proves to both sides that the other one is there.
func (c *socket) ping() {
	for c.pause(c.owner.w.timing.ping) {
		ctx, cancel := context.WithTimeout(c.ctx, c.owner.w.timing.pong)
		err := c.ws.Ping(ctx)
		cancel()
		if err != nil {
			c.drop()
			return
		}
	}
}

// age ends the connection in Slack's steps: a warning, a request to refresh,
// the end.
func (c *socket) age() {
	if c.owner.w.faults.active(faultDisconnect) {
		if c.pause(brokenLife) {
			c.drop()
		}
		return
	}
	warning := c.owner.w.timing.warning
	if !c.pause(max(0, c.life()-warning)) {
		return
	}
	c.disconnect("warning")
	if !c.pause(warning) {
		return
	}
	c.disconnect("refresh_requested")
	if c.pause(farewell) {
		c.drop()
	}
}

// read takes acknowledgements until the connection ends.
func (c *socket) read() {
	for {
		_, frame, err := c.ws.Read(c.ctx)
		if err != nil {
			return
		}
		if len(frame) > ackFrameBytes {
			_ = c.ws.Close(websocket.StatusMessageTooBig, "Max frame length of 20480 has been exceeded")
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(frame, &ack); err != nil || ack.ID == "" {
			c.owner.w.cfg.Log.Debug().Int("connection", c.number).Msg("frame that is no acknowledgement")
			continue
		}
		c.owner.acknowledge(c, ack.ID, ack.Payload)
	}
}
