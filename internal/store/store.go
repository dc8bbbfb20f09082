// Package store is the contract for what must not be lost: documents, the
// indexes that list them, and jobs that are due at a time. It knows nothing of
// rides or reminders. store/bolt keeps it in one file, store/redis in Redis or
// Valkey; store/storetest is the same set of tests for both.
//
// The promise: a [Change] is all or nothing. When Commit returns nil, every
// document, index entry and job in it is there, together, and survives the
// death of the process (and, where the store's durability is set up as the
// README says, of the machine). When it returns one of this package's errors
// (see below), nothing of it is there. After any other error (a cancelled
// context, a broken connection, a full disk) the caller reads again to learn
// which.
//
// Not promised: order between two changes to different partitions, that a job
// is handed out only once (see Lease: at least once), and that a document
// deleted and created anew can be told from the old one by its revision alone.
//
// All times are kept to the millisecond and come back in UTC. A due time is
// rounded up, so that nothing is ever early; an expiry is rounded down, so that
// nothing is ever seen after it.
package store

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Limits of the contract, the same in every store. What is over a limit is
// refused with ErrInvalid before anything is written.
const (
	// MaxName is the length in bytes of a partition, kind, id or index name.
	MaxName = 200
	// MaxBody and MaxJobBody are the bytes in one document and in one job.
	MaxBody    = 256 << 10
	MaxJobBody = 64 << 10
	// MaxListed is the number of indexes one document can be listed in.
	MaxListed = 16
	// MaxItems is the number of checks, puts, deletes, jobs, cancels and
	// settlements in one change, all together.
	MaxItems = 2000
	// MaxChangeBytes is the sum of all bodies in one change.
	MaxChangeBytes = 8 << 20
	// MaxPage is the most that one Get, List, Lease or Pending gives.
	MaxPage = 1000
	// SealRoom is how much longer a body may be in a change that is Sealed.
	SealRoom = 4 << 10
	// MaxScore bounds an index's score on both sides (±2⁵³): beyond it Redis
	// could no longer tell two neighbouring scores apart.
	MaxScore = 1 << 53
	// MaxHold is the longest lease.
	MaxHold = 24 * time.Hour
)

// Key names one document. A partition is what changes together: one group, one
// person, or the bot's own bookkeeping ("g/…", "p/…", "sys"). All three parts
// are 1 to 200 bytes of printable ASCII without spaces.
type Key struct {
	Partition string
	Kind      string
	ID        string
}

// Doc is one document and where it is listed.
type Doc struct {
	Key
	// Rev counts the document's changes. 0 means it is not there; a put with
	// Rev 0 creates and fails with ErrStale when the document exists.
	Rev int64
	// Body is opaque to the store, MaxBody at most.
	Body []byte
	// Expires is when the document is no longer there for anybody: Get and
	// List pass it over from that instant on, whether or not Sweep has run.
	// The zero time means never.
	Expires time.Time
	// Listed replaces the document's index entries with every put: each index
	// at most once, MaxListed in all.
	Listed []Entry
}

// Entry puts a document into the index Name of its partition at Score, which
// orders the index (usually Unix milliseconds). Name follows Key's rules.
type Entry struct {
	Name  string
	Score int64
}

// Job is one thing that is due at a time.
type Job struct {
	Partition string
	// ID is the job's key within its partition: putting a job under an ID that
	// is pending replaces it (its due time, kind and body, and its attempts
	// begin anew).
	ID   string
	Kind string
	// Due is when it is to be done, between 1970 and 9999. A leased job keeps
	// the due time it was put or retried with.
	Due time.Time
	// Body is opaque, MaxJobBody at most; keep it to ids and small facts.
	Body []byte
	// Urgent says that somebody waits for it: such jobs are handed out before
	// all others, however long those have been due.
	Urgent bool
	// Attempt counts the leases so far: 1 on the first. A put ignores it.
	Attempt int
	// Token proves the lease; it is set by Lease alone, and a replaced or
	// re-leased job has another one. A put ignores it.
	Token string
	// Replaced says that it was put in place of one that had been leased and was not
	// settled: what that one came to may be done already. It is set by Lease alone.
	Replaced bool
}

// ByDue orders jobs by when they are due.
func ByDue(a, b Job) int {
	return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Partition, b.Partition), cmp.Compare(a.ID, b.ID))
}

// ByRank orders jobs as they are handed out: urgent ones first, each by when they
// are due.
func ByRank(a, b Job) int {
	if a.Urgent != b.Urgent {
		if a.Urgent {
			return -1
		}
		return 1
	}
	return ByDue(a, b)
}

// Settlement ends a lease, inside the same Change as what the job caused.
type Settlement struct {
	Job Job // as it was leased: Partition, ID and Token are used
	// RetryAt keeps the job, due again then, its attempts counted on and as
	// urgent as it was; the zero time means it is done and goes. A job that was replaced while it was
	// leased stays as it is now (with its new due time), whichever is asked
	// for. A lease that ran out can still be settled as long as the job has
	// not been handed out again.
	RetryAt time.Time
}

// Change is one commit to one partition: everything in it names that partition.
// All revisions and leases are compared with what is there before the change;
// then it is written in the order settlements, cancels, jobs. So one change can
// settle a job and put the next one under the same ID. A document is put or
// deleted once in a change, and a job is put once; more is ErrInvalid.
type Change struct {
	Partition string
	// Sealed says that the bodies carry names and a seal as well (see store/sealed):
	// each may be SealRoom longer. It is not kept.
	Sealed bool
	// Checks are documents that were read and must still be at the revision
	// given (0: must still be missing).
	Checks []Check
	// Puts write documents whose Rev is the revision that was read; the stored
	// revision becomes Rev+1.
	Puts []Doc
	// Deletes remove documents at the revision given.
	Deletes []Check
	// Jobs are put: due times may lie in the past (due at once).
	Jobs []Job
	// Cancels removes jobs by ID; a missing one is no error. A cancelled job
	// that is leased at the moment cannot be settled any more (ErrLeaseLost).
	Cancels []string
	// Settles end leases of jobs of this partition.
	Settles []Settlement
}

// Check is a document at a revision.
type Check struct {
	Key
	Rev int64
}

// Query asks for part of an index, by ascending score, ties by kind and ID.
type Query struct {
	Partition string
	Index     string
	// From and To bound the score, both inclusive. To 0 with From 0 means all.
	From, To int64
	// Limit is at most MaxPage; 0 means MaxPage. A page with fewer documents
	// than the limit is the last one.
	Limit int
	// After continues behind the last document of the page before, as it was
	// listed then (its Key and its Listed entry for this index are used), even
	// when it has changed or gone since.
	After *Doc
	// Backwards lists in exactly the opposite order.
	Backwards bool
}

// Range is part of an index, as Count takes it.
type Range struct {
	Partition, Index string
	From, To         int64
}

// Store is the contract. All methods are safe for use by many goroutines, and
// for Redis by many processes. All times are taken from the clock the store
// was opened with, never from the server. What breaks a rule written here is
// refused with ErrInvalid by every method. What a method returns belongs to
// the caller.
type Store interface {
	// Get reads up to MaxPage documents, in the order of the keys, all of one
	// partition at one instant; a missing or expired one comes back with Rev 0
	// and its Key.
	Get(ctx context.Context, keys ...Key) ([]Doc, error)
	// List reads a page of an index, documents included.
	List(ctx context.Context, q Query) ([]Doc, error)
	// Count counts the entries of an index between two scores, inclusive (0, 0:
	// all). An expired document may be counted until it is swept.
	Count(ctx context.Context, partition, index string, from, to int64) (int64, error)
	// Counts is Count for several ranges at once, in their order, in one round trip.
	// They need not be of one partition, nor of one instant.
	Counts(ctx context.Context, ranges ...Range) ([]int64, error)
	// Commit applies a change or nothing of it. ErrStale: something read has
	// changed, read again. ErrLeaseLost: a settlement's lease is not ours any
	// more, and nothing was written. ErrInvalid: the change breaks a rule
	// written above.
	Commit(ctx context.Context, c Change) error
	// CommitAll applies several changes in as few round trips (or disk syncs)
	// as it can. Each is all or nothing by itself, whatever becomes of the
	// others, and they are applied in order within a partition. The answer has
	// one error, or nil, for every change.
	CommitAll(ctx context.Context, cs []Change) []error
	// Lease hands out up to limit (1 to MaxPage) jobs that are due at the
	// clock's now, urgent ones first, and among those of a rank the oldest due
	// first as far as the partitions' spread allows, and keeps others from
	// getting them for the given time (a millisecond to MaxHold). A job whose
	// lease ran out is handed out again with another Token. With several
	// processes at work it may give fewer than are due.
	Lease(ctx context.Context, limit int, hold time.Duration) ([]Job, error)
	// LeaseUrgent is Lease for urgent jobs alone.
	LeaseUrgent(ctx context.Context, limit int, hold time.Duration) ([]Job, error)
	// NextDue says when the earliest job is due or its lease runs out; false
	// when there is none.
	NextDue(ctx context.Context) (time.Time, bool, error)
	// Pending lists the jobs of a partition by due time, ties by ID, leased
	// ones included (without their tokens), at most limit (1 to MaxPage), or
	// all of them (0). Its cost grows with the partition's jobs, not with the limit.
	Pending(ctx context.Context, partition string, limit int) ([]Job, error)
	// Walk calls f with every document that has not expired, and every pending
	// job, in no given order, until f returns an error, which it returns. It
	// sees every document and job that exists during the whole walk, once; it
	// is not one instant: f may use the store, and others may change it.
	Walk(ctx context.Context, doc func(Doc) error, job func(Job) error) error
	// Sweep removes what has expired, at most limit documents, and says how
	// many it removed; fewer than limit means that nothing expired is left.
	Sweep(ctx context.Context, limit int) (int, error)
	// Health says whether the store can be written and is durable; the error
	// says what is wrong and what to do, in words for an operator.
	Health(ctx context.Context) error
	Close() error
}

// Errors of every store. They are matched with errors.Is.
var (
	ErrStale     = errors.New("something changed in between")
	ErrLeaseLost = errors.New("the lease is not ours any more")
	ErrInvalid   = errors.New("not valid for the store")
	// ErrNewer: the file or keyspace was written by a newer version of the
	// program; nothing was touched.
	ErrNewer = errors.New("the store was written by a newer version of village")
	// ErrDamaged: what is kept cannot be read any more as it was written.
	ErrDamaged = errors.New("the store is damaged")
	// ErrGone: everything that was kept is gone, or another store is in its place.
	ErrGone = errors.New("what was kept is gone")
	// ErrInUse: another process holds the file.
	ErrInUse = errors.New("the store is in use by another process")
)
