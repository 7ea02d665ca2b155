package slack

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// faultPrefix marks the faults that the workspace itself can show.
const faultPrefix = "slack-"

// Ids of the workspace's faults.
const (
	faultDropAck         = "slack-drop-ack"
	faultDuplicate       = "slack-duplicate"
	faultReorder         = "slack-reorder"
	faultDisconnect      = "slack-disconnect"
	faultRefresh         = "slack-refresh"
	faultLinkDisabled    = "slack-link-disabled"
	faultTooManySockets  = "slack-too-many-websockets"
	faultRateLimited     = "slack-rate-limited"
	faultServerError     = "slack-server-error"
	faultSlow            = "slack-slow"
	faultTokenRevoked    = "slack-token-revoked"
	faultInvalidBlocks   = "slack-invalid-blocks"
	faultLookupFails     = "slack-lookup-fails"
	faultChannelArchived = "slack-channel-archived"
	faultBotRemoved      = "slack-bot-removed"
	faultReplyURLGone    = "slack-response-url-gone"
)

// workspaceFaults lists every fault of the workspace. Each is asked for by
// its id at the one place where it bites.
var workspaceFaults = []FaultState{
	{ID: faultDropAck, Title: "Acknowledgements from the app are lost"},
	{ID: faultDuplicate, Title: "Everything is delivered to the app twice"},
	{ID: faultReorder, Title: "Every other delivery overtakes the one before it"},
	{ID: faultDisconnect, Title: "Connections break two seconds after they were opened"},
	{ID: faultRefresh, Title: "Slack asks every connection to reconnect after twelve seconds"},
	{ID: faultLinkDisabled, Title: "Socket Mode is switched off"},
	{ID: faultTooManySockets, Title: "Every new connection is one too many"},
	{ID: faultRateLimited, Title: "Every Web API call is rate limited (429)"},
	{ID: faultServerError, Title: "The Web API answers 500 with an HTML page"},
	{ID: faultSlow, Title: "The Web API takes two seconds to answer"},
	{ID: faultTokenRevoked, Title: "The app's tokens are revoked"},
	{ID: faultInvalidBlocks, Title: "Every block is refused as invalid"},
	{ID: faultLookupFails, Title: "Looking up people, groups and channels fails"},
	{ID: faultChannelArchived, Title: "Every channel is archived"},
	{ID: faultBotRemoved, Title: "The app was removed from every channel"},
	{ID: faultReplyURLGone, Title: "Response URLs have expired"},
}

// faultSet knows which of the workspace's faults are on.
type faultSet struct {
	mu sync.Mutex
	on map[string]bool
}

func newFaultSet() *faultSet { return &faultSet{on: map[string]bool{}} }

func (f *faultSet) active(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.on[id]
}

func (f *faultSet) list() []FaultState {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := slices.Clone(workspaceFaults)
	for i := range out {
		out[i].Group = "slack"
		out[i].On = f.on[out[i].ID]
	}
	return out
}

func (f *faultSet) set(on, off []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range off {
		delete(f.on, id)
	}
	for _, id := range on {
		f.on[id] = true
	}
}

// AllFaults lists the estate's faults, then the workspace's own.
func (w *Workspace) AllFaults() ([]FaultState, error) {
	var out []FaultState
	if w.cfg.World != nil {
		estate, err := w.cfg.World.Faults()
		if err != nil {
			return nil, fmt.Errorf("list faults of the estate: %w", err)
		}
		out = append(out, estate...)
	}
	return append(out, w.faults.list()...), nil
}

// SetFaults switches faults of the estate and of the workspace. An unknown id
// is an error that changes nothing.
func (w *Workspace) SetFaults(on, off []string) error {
	estateOn, ownOn := splitFaults(on)
	estateOff, ownOff := splitFaults(off)
	for _, id := range slices.Concat(ownOn, ownOff) {
		if !slices.ContainsFunc(workspaceFaults, func(f FaultState) bool { return f.ID == id }) {
			return fmt.Errorf("unknown fault %q", id)
		}
	}
	if len(estateOn)+len(estateOff) > 0 {
		if w.cfg.World == nil {
			return fmt.Errorf("unknown fault %q: this workspace has no estate behind it", slices.Concat(estateOn, estateOff)[0])
		}
		if err := w.cfg.World.SetFaults(estateOn, estateOff); err != nil {
			return fmt.Errorf("switch faults of the estate: %w", err)
		}
	}
	w.faults.set(ownOn, ownOff)
	if slices.Contains(ownOn, faultDisconnect) {
		w.delivery.sockets.dropAll()
	}
	if slices.Contains(ownOn, faultLinkDisabled) {
		w.delivery.sockets.disableAll()
	}
	w.hub.notify()
	return nil
}

func splitFaults(ids []string) (estate, own []string) {
	for _, id := range ids {
		if strings.HasPrefix(id, faultPrefix) {
			own = append(own, id)
		} else {
			estate = append(estate, id)
		}
	}
	return estate, own
}
