package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"

	"village/bot"
	"village/internal/store"
	"village/internal/store/redis"
	"village/scheduler"
)

// side is one of the two that are compared: it keeps reminders and hands them
// out when they are due.
type side interface {
	name() string
	// put puts many reminders, as fast as the side can.
	put(ctx context.Context, reminders []reminder) error
	// add puts one.
	add(ctx context.Context, r reminder) error
	// allDue makes everything that waits due.
	allDue(ctx context.Context) error
	// work hands out what is due until stop is called.
	work(ctx context.Context, w work) (stop func() error, err error)
}

// reminder is what both keep, under the same names: as long as a person's own
// reminders on Discord have them.
type reminder struct {
	number int
	person int
	due    time.Time
}

func (r reminder) id() string     { return noteID(r.number) }
func (r reminder) owner() string  { return partition(r.person) }
func noteID(number int) string    { return fmt.Sprintf("note/%06x", number) }
func partition(person int) string { return fmt.Sprintf("p/discord%%2F1%017d", person) }

// body is what a reminder's job says.
func (r reminder) body() []byte {
	return fmt.Appendf(nil, `{"person":"discord/1%017d","id":"%06x"}`, r.person, r.number)
}

// work says how reminders are to be handled.
type work struct {
	// document reads the person's document and renders it.
	document bool
	// delivered is called, from many goroutines, when a message is out; settled
	// when that is noted, and it will not come again.
	delivered func(id string)
	settled   func(n int)
}

// plan is a person's document, of about the size of a session's.
type plan struct {
	Title string    `json:"title"`
	Start time.Time `json:"start"` // in the person's zone
	Words string    `json:"words"`
	Bag   []string  `json:"bag"`
}

func planKey(owner string) store.Key { return store.Key{Partition: owner, Kind: "session", ID: "s1"} }

func planDoc(person int, at time.Time) (store.Doc, error) {
	body, err := json.Marshal(plan{
		Title: "Your note", Start: at,
		Words: "Rest, water, and nobody drives until tomorrow.",
		Bag:   []string{"water", "a warm layer", "an eye mask", "socks", "something to write with"},
	})
	return store.Doc{Key: planKey(partition(person)), Body: body}, err
}

// render reads the document that a reminder's body asks for and makes the
// message of it, the same way for both sides.
func render(ctx context.Context, s store.Store, body []byte) (bot.Message, error) {
	var asks struct{ Person, ID string }
	if err := json.Unmarshal(body, &asks); err != nil {
		return bot.Message{}, err
	}
	docs, err := s.Get(ctx, planKey("p/"+strings.Replace(asks.Person, "/", "%2F", 1)))
	if err != nil {
		return bot.Message{}, err
	}
	var p plan
	if err := json.Unmarshal(docs[0].Body, &p); err != nil {
		return bot.Message{}, err
	}
	text := p.Words + "\n"
	for _, thing := range p.Bag {
		text += "- " + thing + "\n"
	}
	return bot.Message{
		Title:   fmt.Sprintf("%s for %s", p.Title, p.Start.Format("Monday 2 January, 3:04 pm")),
		Text:    text,
		Buttons: []bot.Button{{Label: "Done", Command: "/remind done " + asks.ID}},
	}, nil
}

// village is our scheduler over our store.
type village struct {
	store *redis.Store
	// ahead is how far its clock runs before the machine's.
	ahead atomic.Int64
	hold  time.Duration
}

func newVillage(ctx context.Context, url string, hold time.Duration) (*village, error) {
	v := &village{hold: hold}
	var err error
	v.store, err = redis.Open(ctx, url, v.now)
	return v, err
}

func (v *village) now() time.Time { return time.Now().Add(time.Duration(v.ahead.Load())) }
func (v *village) name() string   { return "village" }

func (v *village) put(ctx context.Context, reminders []reminder) error {
	for page := range slices.Chunk(reminders, 1000) {
		changes := make([]store.Change, len(page))
		for n, r := range page {
			changes[n] = change(r)
		}
		if err := errors.Join(v.store.CommitAll(ctx, changes)...); err != nil {
			return err
		}
	}
	return nil
}

func change(r reminder) store.Change {
	return store.Change{Partition: r.owner(), Jobs: []store.Job{{
		Partition: r.owner(), ID: r.id(), Kind: kind, Due: r.due, Body: r.body(),
	}}}
}

func (v *village) add(ctx context.Context, r reminder) error { return v.store.Commit(ctx, change(r)) }

func (v *village) allDue(context.Context) error {
	v.ahead.Store(int64(24 * time.Hour * 365))
	return nil
}

// kind is the name of the one kind of job, on both sides.
const kind = "reminder"

func (v *village) work(ctx context.Context, w work) (func() error, error) {
	s, err := scheduler.New(scheduler.Config{
		Store:     counting{v.store, w.settled},
		Platforms: map[string]bot.Platform{"discord": null{w.delivered}},
		Kinds:     []scheduler.JobKind{{Name: kind, Prepare: v.prepare(w.document)}},
		Now:       v.now,
		Hold:      v.hold,
		Log:       slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}, nil
}

func (v *village) prepare(document bool) func(context.Context, store.Job, bool) (scheduler.Delivery, error) {
	return func(ctx context.Context, j store.Job, _ bool) (scheduler.Delivery, error) {
		out := bot.Outgoing{To: bot.Address{Person: "discord/" + j.Partition}}
		if document {
			var err error
			if out.Message, err = render(ctx, v.store, j.Body); err != nil {
				return scheduler.Delivery{}, err
			}
		}
		out.Message.Footer = j.ID
		return scheduler.Delivery{Out: &out}, nil
	}
}

// null is Discord as a platform that takes everything at once.
type null struct{ delivered func(id string) }

func (null) Name() string                              { return "discord" }
func (null) Run(ctx context.Context, _ *bot.Bot) error { <-ctx.Done(); return nil }

func (n null) Send(_ context.Context, o bot.Outgoing) (bot.Posted, error) {
	n.delivered(o.Message.Footer)
	return bot.Posted{Platform: "discord", Room: o.To.Person, Message: o.Nonce}, nil
}

func (null) Edit(context.Context, bot.Posted, bot.Message) error { return bot.ErrGone }

// counting tells of every settlement that was committed.
type counting struct {
	store.Store
	settled func(n int)
}

func (c counting) Commit(ctx context.Context, change store.Change) error {
	err := c.Store.Commit(ctx, change)
	if err == nil {
		c.settled(len(change.Settles))
	}
	return err
}

// peer is hibiken/asynq.
type peer struct {
	redis     asynq.RedisClientOpt
	client    *asynq.Client
	store     store.Store
	workers   int
	inspector *asynq.Inspector
}

func newPeer(address string, documents store.Store, workers int) *peer {
	o := asynq.RedisClientOpt{Addr: address, ReadTimeout: 10 * time.Minute, PoolSize: 10 * runtime.GOMAXPROCS(0)}
	return &peer{redis: o, client: asynq.NewClient(o), inspector: asynq.NewInspector(o), store: documents, workers: workers}
}

func (*peer) name() string { return "asynq" }

func (p *peer) put(ctx context.Context, reminders []reminder) error {
	const together = 64
	var all sync.WaitGroup
	errs := make([]error, together)
	for n := range together {
		all.Go(func() {
			for i := n; i < len(reminders) && errs[n] == nil; i += together {
				errs[n] = p.add(ctx, reminders[i])
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (p *peer) add(ctx context.Context, r reminder) error {
	_, err := p.client.EnqueueContext(ctx, asynq.NewTask(kind, r.body()), asynq.TaskID(r.owner()+" "+r.id()), asynq.ProcessAt(r.due))
	return err
}

func (p *peer) allDue(context.Context) error {
	_, err := p.inspector.RunAllScheduledTasks("default")
	return err
}

func (p *peer) work(_ context.Context, w work) (func() error, error) {
	s := asynq.NewServer(p.redis, asynq.Config{Concurrency: p.workers, LogLevel: asynq.FatalLevel})
	err := s.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		if w.document {
			if _, err := render(ctx, p.store, t.Payload()); err != nil {
				return err
			}
		}
		name, _ := asynq.GetTaskID(ctx)
		_, id, _ := strings.Cut(name, " ")
		w.delivered(id)
		w.settled(1)
		return nil
	}))
	return func() error { s.Shutdown(); return nil }, err
}
