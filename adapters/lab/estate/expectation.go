package estate

// Expectation is one entry of the directory and the answer that it must get.
type Expectation struct {
	DN   string `json:"dn"`
	UPN  string `json:"upn"`
	Name string `json:"name"`
	// Expect is the id of a check, "waiting" or "healthy".
	Expect string `json:"expect"`
	Why    string `json:"why"`
}

// Expectations lists everybody with the answer they must get at the start, when
// asked about by distinguished name and with no fault on.
func (e *Estate) Expectations() []Expectation {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]Expectation, 0, len(e.objects))
	for _, o := range e.objects {
		t, ok := traitByID(o.situation.trait)
		if !ok {
			t = fixtures[o.situation.trait]
		}
		x := Expectation{DN: o.DN, UPN: o.UPN, Name: o.Display, Expect: t.check, Why: t.why}
		if x.Expect == "" {
			x.Expect = "healthy"
		}
		out = append(out, x)
	}
	return out
}
