package scheduler

import (
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"village/bot"
	"village/internal/store"
)

// parcel is a leased job on its way.
type parcel struct {
	// job is as it was leased, but Due is when it was first due.
	job  store.Job
	kind JobKind
	// until is when to keep one's hands off it because the lease may end, by
	// the machine's clock; asked is when delivery was prepared.
	until, asked time.Time
	delivery     Delivery
	late         bool
	// hurried says that an urgent message waits behind it; turn is its call of the
	// platform, or its wait for one. The lanes guard them.
	hurried  bool
	platform string
	turn     *turn
	// behind says that another message to the same address was seen to since it was
	// prepared.
	behind bool
	// lane is the address it waits for, which may not be the delivery's any
	// more when its turn comes.
	lane bot.Address
	// tried and its document's revision.
	tried tried
	rev   int64
	// before is what is known of the job that this one was put in place of, if that one
	// may have sent its message, and stands where that has its card; words are those of
	// the tries so far, see tried.
	before *tried
	stands *Card
	words  string
	// said is where the message is once it is out, message what it says there
	// (nil when an earlier lease sent it).
	said    *Card
	message *bot.Message
	// card is where the delivery's card was posted before, nil when it was not,
	// and cardRev the revision of its document.
	card    *Card
	cardRev int64
	// unread says that what is known from earlier tries could not be read. again is when
	// it is to be tried again, once the store answers, and failed that it had failed.
	unread bool
	again  time.Time
	failed bool
	// reposted says that a card was posted anew because the one before is gone.
	reposted bool
}

func (p *parcel) tries() int { return max(p.job.Attempt-p.tried.Free, 1) }

func (p *parcel) tryKey() store.Key {
	return store.Key{Partition: p.job.Partition, Kind: kindTry, ID: p.job.ID}
}

func (p *parcel) cardKey() store.Key {
	return store.Key{Partition: p.job.Partition, Kind: KindCard, ID: p.delivery.Card}
}

// LogValue says which job it is without telling whose.
func (p *parcel) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", p.job.Kind),
		slog.String("partition", bot.HashID(p.job.Partition)),
		slog.String("id", bot.HashID(p.job.ID)),
		slog.Int("attempt", p.job.Attempt),
	)
}

// spread lengthens or shortens a wait by up to a fifth, so that what failed
// together does not come back together. The job and its attempt decide how
// much, which keeps a rehearsal repeatable.
func spread(p *parcel, d time.Duration) time.Duration {
	h := fnv.New32a()
	fmt.Fprintf(h, "%s/%s/%d", p.job.Partition, p.job.ID, p.job.Attempt)
	return d + d/5*time.Duration(int64(h.Sum32()%2001)-1000)/1000
}
