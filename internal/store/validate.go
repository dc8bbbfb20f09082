package store

import (
	"fmt"
	"math"
	"time"
)

// DueMilli is a due time as every store keeps it: Unix milliseconds, rounded up.
func DueMilli(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		ms++
	}
	return ms
}

// ExpiryMilli is an expiry as every store keeps it: Unix milliseconds, rounded
// down, and 0 for never.
func ExpiryMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Ahead is by how many milliseconds a store keeps an urgent job before its time,
// so that in one order by time all urgent jobs come first: their times are below
// zero, those of all others above it.
const Ahead = 1 << 50

// Place is where a job that is due at a time, or leased until then, stands in the
// order by time.
func Place(ms int64, urgent bool) int64 {
	if urgent {
		return ms - Ahead
	}
	return ms
}

// FromPlace is the time and the rank of a place.
func FromPlace(place int64) (ms int64, urgent bool) {
	if place < 0 {
		return place + Ahead, true
	}
	return place, false
}

// FromMilli gives a kept time back, in UTC; 0 is the zero time.
func FromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Validate checks everything about a change that can be known without the
// store. The error is ErrInvalid with the rule that is broken; it names no ids
// and quotes no bodies.
func (c Change) Validate() error {
	items := len(c.Checks) + len(c.Puts) + len(c.Deletes) + len(c.Jobs) + len(c.Cancels) + len(c.Settles)
	if items > MaxItems {
		return invalid("a change of %d items, at most %d are allowed", items, MaxItems)
	}
	if err := checkName("the change's partition", c.Partition); err != nil {
		return err
	}
	if err := c.validateDocs(); err != nil {
		return err
	}
	if err := c.validateJobs(); err != nil {
		return err
	}
	if bytes, most := c.bytes(), MaxChangeBytes+c.room()*(len(c.Puts)+len(c.Jobs)); bytes > most {
		return invalid("a change of %d bytes, at most %d are allowed", bytes, most)
	}
	if items == 1 {
		return nil // most changes end one job, or write one document
	}
	return c.validateOnce()
}

// validateDocs looks at what is checked, written and deleted.
func (c Change) validateDocs() error {
	for _, k := range c.Checks {
		if err := c.validateCheck("a check", k, 0); err != nil {
			return err
		}
	}
	for _, d := range c.Puts {
		if err := c.validateCheck("a put", Check{Key: d.Key, Rev: d.Rev}, 0); err != nil {
			return err
		}
		if err := d.validateContent(MaxBody + c.room()); err != nil {
			return err
		}
	}
	for _, k := range c.Deletes {
		if err := c.validateCheck("a delete", k, 1); err != nil {
			return err
		}
	}
	return nil
}

// validateJobs looks at the jobs that are put, cancelled and settled.
func (c Change) validateJobs() error {
	for _, j := range c.Jobs {
		if err := c.validateJob(j); err != nil {
			return err
		}
	}
	for _, id := range c.Cancels {
		if err := checkName("a cancelled job's id", id); err != nil {
			return err
		}
	}
	for _, s := range c.Settles {
		if err := c.validateSettlement(s); err != nil {
			return err
		}
	}
	return nil
}

// room is how much longer a body may be.
func (c Change) room() int {
	if c.Sealed {
		return SealRoom
	}
	return 0
}

// bytes is how much all bodies hold together.
func (c Change) bytes() int {
	n := 0
	for _, d := range c.Puts {
		n += len(d.Body)
	}
	for _, j := range c.Jobs {
		n += len(j.Body)
	}
	return n
}

// validateOnce looks for what comes twice.
func (c Change) validateOnce() error {
	written := make(map[Key]bool, len(c.Puts)+len(c.Deletes))
	for _, d := range c.Puts {
		if written[d.Key] {
			return invalid("a document is written twice in one change")
		}
		written[d.Key] = true
	}
	for _, k := range c.Deletes {
		if written[k.Key] {
			return invalid("a document is written twice in one change")
		}
		written[k.Key] = true
	}
	put := make(map[string]bool, len(c.Jobs))
	for _, j := range c.Jobs {
		if put[j.ID] {
			return invalid("a job is put twice in one change")
		}
		put[j.ID] = true
	}
	settled := make(map[string]bool, len(c.Settles))
	for _, s := range c.Settles {
		if settled[s.Job.ID] {
			return invalid("a job is settled twice in one change")
		}
		settled[s.Job.ID] = true
	}
	return nil
}

func (c Change) validateCheck(what string, k Check, least int64) error {
	if err := k.Validate(); err != nil {
		return err
	}
	if k.Partition != c.Partition {
		return invalid("%s names another partition than its change", what)
	}
	if k.Rev < least || k.Rev >= MaxScore {
		return invalid("%s at revision %d", what, k.Rev)
	}
	return nil
}

func (d Doc) validateContent(most int) error {
	if len(d.Body) > most {
		return invalid("a body of %d bytes, at most %d are allowed", len(d.Body), most)
	}
	if !d.Expires.IsZero() && !kept(d.Expires) {
		return invalid("an expiry in the year %d", d.Expires.Year())
	}
	if len(d.Listed) > MaxListed {
		return invalid("a document in %d indexes, at most %d are allowed", len(d.Listed), MaxListed)
	}
	for i, e := range d.Listed {
		if err := checkName("an index's name", e.Name); err != nil {
			return err
		}
		if e.Score > MaxScore || e.Score < -MaxScore {
			return invalid("a score of %d", e.Score)
		}
		for _, before := range d.Listed[:i] {
			if before.Name == e.Name {
				return invalid("a document is listed twice in one index")
			}
		}
	}
	return nil
}

func (c Change) validateJob(j Job) error {
	if j.Partition != c.Partition {
		return invalid("a job names another partition than its change")
	}
	if err := checkName("a job's id", j.ID); err != nil {
		return err
	}
	if err := checkName("a job's kind", j.Kind); err != nil {
		return err
	}
	if !kept(j.Due) {
		return invalid("a job due in the year %d", j.Due.Year())
	}
	if most := MaxJobBody + c.room(); len(j.Body) > most {
		return invalid("a job of %d bytes, at most %d are allowed", len(j.Body), most)
	}
	return nil
}

func (c Change) validateSettlement(s Settlement) error {
	if s.Job.Partition != c.Partition {
		return invalid("a settlement names another partition than its change")
	}
	if err := checkName("a settled job's id", s.Job.ID); err != nil {
		return err
	}
	if err := checkName("a settled job's token", s.Job.Token); err != nil {
		return err
	}
	if !s.RetryAt.IsZero() && !kept(s.RetryAt) {
		return invalid("a retry in the year %d", s.RetryAt.Year())
	}
	return nil
}

// Validate checks the three parts of a key; the error is ErrInvalid.
func (k Key) Validate() error {
	if err := checkName("a partition", k.Partition); err != nil {
		return err
	}
	if err := checkName("a kind", k.Kind); err != nil {
		return err
	}
	return checkName("an id", k.ID)
}

// ValidateKeys checks what Get is given; the error is ErrInvalid.
func ValidateKeys(keys []Key) error {
	if len(keys) > MaxPage {
		return invalid("%d documents at once, at most %d are given", len(keys), MaxPage)
	}
	for _, k := range keys {
		if err := k.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// Span is a query with its defaults filled in, for the stores.
type Span struct {
	// From and To are inclusive bounds.
	From, To int64
	// Limit is 1 to MaxPage.
	Limit int
	// After is the entry of Query.After in the index; it counts only when
	// HasAfter is set.
	After    Entry
	HasAfter bool
}

// Span checks a query and fills in its defaults; the error is ErrInvalid.
func (q Query) Span() (Span, error) {
	s := Span{Limit: q.Limit}
	var err error
	if s.From, s.To, err = CountSpan(q.Partition, q.Index, q.From, q.To); err != nil {
		return Span{}, err
	}
	if s.Limit == 0 {
		s.Limit = MaxPage
	}
	if err := ValidateLimit(s.Limit); err != nil {
		return Span{}, err
	}
	if q.After == nil {
		return s, nil
	}
	if err := q.After.Validate(); err != nil {
		return Span{}, err
	}
	if q.After.Partition != q.Partition {
		return Span{}, invalid("the page before was of another partition")
	}
	for _, e := range q.After.Listed {
		if e.Name == q.Index {
			s.After, s.HasAfter = e, true
			return s, nil
		}
	}
	return Span{}, invalid("the page before was of another index")
}

// CountSpan checks what Count is given and returns the inclusive bounds it
// means; the error is ErrInvalid.
func CountSpan(partition, index string, from, to int64) (int64, int64, error) {
	if err := checkName("a partition", partition); err != nil {
		return 0, 0, err
	}
	if err := checkName("an index's name", index); err != nil {
		return 0, 0, err
	}
	if from == 0 && to == 0 {
		return -MaxScore, MaxScore, nil
	}
	// Nothing is listed beyond MaxScore, so a wider question has the same answer.
	return max(from, -MaxScore-1), min(to, MaxScore+1), nil
}

// CountSpans checks what Counts is given (MaxPage ranges at most) and returns the
// inclusive bounds of each; the error is ErrInvalid.
func CountSpans(ranges []Range) ([]Span, error) {
	if len(ranges) > MaxPage {
		return nil, invalid("%d ranges to count, and %d is the most", len(ranges), MaxPage)
	}
	spans := make([]Span, len(ranges))
	for i, r := range ranges {
		var err error
		if spans[i].From, spans[i].To, err = CountSpan(r.Partition, r.Index, r.From, r.To); err != nil {
			return nil, err
		}
	}
	return spans, nil
}

// ValidateLimit checks a limit of 1 to MaxPage; the error is ErrInvalid.
func ValidateLimit(limit int) error {
	if limit < 1 || limit > MaxPage {
		return invalid("a limit of %d, it goes from 1 to %d", limit, MaxPage)
	}
	return nil
}

// ValidateLease checks what Lease is given; the error is ErrInvalid.
func ValidateLease(limit int, hold time.Duration) error {
	if err := ValidateLimit(limit); err != nil {
		return err
	}
	if hold < time.Millisecond || hold > MaxHold {
		return invalid("a lease of %v, it goes from a millisecond to %v", hold, MaxHold)
	}
	return nil
}

// ValidatePending checks what Pending is given; the error is ErrInvalid.
func ValidatePending(partition string, limit int) error {
	if err := checkName("a partition", partition); err != nil {
		return err
	}
	if limit == 0 { // all of them
		return nil
	}
	return ValidateLimit(limit)
}

// ValidateSweep checks what Sweep is given; the error is ErrInvalid.
func ValidateSweep(limit int) error {
	if limit < 1 || limit > math.MaxInt32 {
		return invalid("a limit of %d, it must be positive", limit)
	}
	return nil
}

// kept says whether a time can be kept: after 1970 began, and a year of four
// digits, so that a forgotten or miscounted time is noticed here.
func kept(t time.Time) bool {
	return t.UnixMilli() > 0 && t.UTC().Year() <= 9999
}

func checkName(what, name string) error {
	if name == "" {
		return invalid("%s is empty", what)
	}
	if len(name) > MaxName {
		return invalid("%s has %d bytes, at most %d are allowed", what, len(name), MaxName)
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] > '~' {
			return invalid("%s has a space or a character that is not plain ASCII", what)
		}
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrInvalid}, args...)...)
}
