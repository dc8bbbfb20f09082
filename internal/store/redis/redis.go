// Package redis keeps a store in Redis or Valkey, for any number of processes.
// It promises that what Commit acknowledged survives the death of every
// process. With appendonly and appendfsync always, what Redis acknowledged survives
// the death of redis-server and of its machine too. With everysec the death of its
// machine loses two seconds at most, and so does that of redis-server when its disk is
// slow at that moment: Redis then answers before it writes.
//
// It does not promise anything about a failover: what the new master had not
// yet received is gone.
package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"village/internal/store"
)

// version is the layout of the keyspace. A program refuses the keyspace of a
// newer one. Layout 1 wrote every job whole (see lua/job.lua), and layout 2 knew no
// urgent jobs; both are read as they are, so that Open only notes the new number.
const version = 3

// grace is how long after its expiry the server itself lets a document go, if
// no process was there to sweep it: long enough for clocks that differ.
const grace = time.Hour

// farAway is the longest time the server itself is asked to count: libraries
// count it in nanoseconds, which end after 292 years.
const farAway = 200 * 365 * 24 * time.Hour

// known is how much longer the expiry zset knows of a document that the server
// has let go, so that a sweep can take it from indexes that stay. A village
// that sleeps longer finds such entries counted, and never listed.
const known = 30 * 24 * time.Hour

// Errors of Open and Health that are about how Redis is set up.
var (
	// ErrNotDurable: Redis would forget everything when it stops.
	ErrNotDurable = errors.New("it does not keep what it is told: appendonly is off")
	// ErrEvicts: Redis may throw away what was promised when its memory is full.
	ErrEvicts = errors.New("it may throw things away when its memory is full")
)

var errURL = errors.New("REDIS_URL is not understood: write it like redis://user:password@host:6379/0 " +
	"(rediss:// for TLS, signs like @ : / # % in the password as %40 %3A %2F %23 %25; " +
	"?addr=host:port adds a node of a cluster, ?master_name=name asks a Sentinel)")

// Store is a store in Redis.
type Store struct {
	client    goredis.UniversalClient
	address   string // host and port, for sentences; never the password
	now       func() time.Time
	warnings  []string
	sweepFrom atomic.Uint32
	mark      atomic.Pointer[string] // begins the tokens, see As
	unheard   unheardLeases
	commits   gather[laidOut, error]
	reads     gather[[]store.Key, read]
	lists     gather[call, listed]
}

var _ store.Store = (*Store)(nil)

// Open connects to the Redis of the URL:
//
//	redis://user:password@host:6379/0          one server (rediss:// for TLS)
//	redis://…?addr=host2:6379&addr=host3:6379  more nodes of a cluster
//	redis://…?master_name=name                 through Sentinel, whose user and
//	                                           password these are; those of the
//	                                           server: &username=…&password=…
//
// Other settings of the library (pool_size, read_timeout …) follow in the same
// way. One node of a cluster is enough: Open notices. The clock says what is due and
// what has expired.
//
// Its errors are sentences for an operator that never hold the password:
// store.ErrNewer when a newer version wrote the keyspace, ErrNotDurable and
// ErrEvicts when Redis is set up so that promises would be lost (nothing is
// touched), and others when it cannot be reached or does not let us in.
func Open(ctx context.Context, redisURL string, now func() time.Time) (*Store, error) {
	return open(ctx, redisURL, now, true)
}

// OpenReadOnly is Open for somebody who only looks: where nothing is kept, the error
// is fs.ErrNotExist and nothing is made.
func OpenReadOnly(ctx context.Context, redisURL string, now func() time.Time) (*Store, error) {
	return open(ctx, redisURL, now, false)
}

func open(ctx context.Context, redisURL string, now func() time.Time, may bool) (*Store, error) {
	// The library would print to standard error what it also returns.
	logging.Disable()
	client, address, err := connect(ctx, redisURL)
	if err != nil {
		return nil, err
	}
	s := &Store{client: client, address: address, now: now}
	s.commits = gather[laidOut, error]{ways: ways, most: batchChanges, run: s.apply}
	s.reads = gather[[]store.Key, read]{ways: ways, most: readCalls, run: s.readTogether}
	s.lists = gather[call, listed]{ways: ways, most: listCalls, run: s.listTogether}
	if err := s.prepare(ctx, may); err != nil {
		return nil, errors.Join(s.explain(err), client.Close())
	}
	return s, nil
}

// Warnings are sentences for an operator about what could not be checked.
func (s *Store) Warnings() []string { return slices.Clone(s.warnings) }

// Close closes the connections.
func (s *Store) Close() error { return s.client.Close() }

// Health writes to every shard and looks at how Redis is set up.
func (s *Store) Health(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for shard := range shards {
			p.Set(ctx, healthKey(shard), s.now().UnixMilli(), grace)
		}
		return nil
	})
	if err != nil {
		return s.explain(err)
	}
	if _, err := s.checkNodes(ctx); err != nil {
		return s.explain(err)
	}
	return s.there(ctx)
}

// prepare checks before it writes, and writes only where it may make a store.
func (s *Store) prepare(ctx context.Context, may bool) error {
	found, err := s.version(ctx)
	if err != nil {
		return err
	}
	if s.warnings, err = s.checkNodes(ctx); err != nil {
		return err
	}
	switch {
	case found == 0 && !may:
		return fs.ErrNotExist
	case found == version || !may:
		return nil
	}
	_, err = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for shard := range shards {
			p.Set(ctx, versionKey(shard), version, 0)
		}
		return nil
	})
	return err
}

// version is the layout of what is kept there, 0 where nothing is. The error is
// store.ErrGone when a part of it is not there any more.
func (s *Store) version(ctx context.Context) (int, error) {
	var kept [shards]*goredis.StringCmd
	_, err := s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for shard := range shards {
			kept[shard] = p.Get(ctx, versionKey(shard))
		}
		return nil
	})
	if err != nil && !errors.Is(err, goredis.Nil) {
		return 0, err
	}
	there, found := 0, 0
	for shard := range shards {
		word, err := kept[shard].Result()
		if errors.Is(err, goredis.Nil) {
			continue
		}
		n, numberErr := strconv.Atoi(word)
		switch {
		case err != nil:
			return 0, err
		case numberErr != nil || n < 1:
			return 0, errors.New("the version that village keeps there cannot be read: restore a backup into an empty Redis")
		case n > version:
			return 0, fmt.Errorf("%w (layout %d, this one knows %d): start the newer version, or use another Redis; nothing was touched", store.ErrNewer, n, version)
		}
		there, found = there+1, max(found, n)
	}
	if found == version && there < shards {
		return 0, errPartGone
	}
	return found, nil
}

// Of what was kept everything is missing, or a part.
var (
	errGone     = fmt.Errorf("%w: somebody emptied it, or it came back without its data: stop the program, bring its data back or restore a backup into an empty Redis, and start it again", store.ErrGone)
	errPartGone = fmt.Errorf("a part of what was kept there is missing: %w", errGone)
)

// there is nil while what was kept is there.
func (s *Store) there(ctx context.Context) error {
	found, err := s.version(ctx)
	if err == nil && found == 0 {
		err = errGone
	}
	if err != nil {
		return s.explain(err)
	}
	return nil
}

// checkNodes checks every server that holds a part of the keyspace.
func (s *Store) checkNodes(ctx context.Context) ([]string, error) {
	nodes, err := s.masters(ctx)
	if err != nil {
		return nil, err
	}
	var warnings []string
	for _, node := range nodes {
		found, err := checkNode(ctx, node)
		if err != nil {
			return nil, err
		}
		for _, w := range found {
			if w = fmt.Sprintf("the Redis at %s: %s", s.address, w); !slices.Contains(warnings, w) {
				warnings = append(warnings, w)
			}
		}
	}
	return warnings, nil
}

// checkNode reads a server's set-up: from CONFIG, or, where a provider has
// locked that away, from INFO.
func checkNode(ctx context.Context, node *goredis.Client) (warnings []string, err error) {
	set := func(name string) (string, bool) {
		answer, err := node.ConfigGet(ctx, name).Result()
		value, ok := answer[name]
		return value, err == nil && ok
	}
	policy, known := set("maxmemory-policy")
	if !known {
		policy, known = infoField(ctx, node, "memory", "maxmemory_policy")
	}
	if known && policy != "noeviction" {
		return nil, fmt.Errorf("%w (maxmemory-policy %s): set maxmemory-policy noeviction", ErrEvicts, policy)
	}
	if !known {
		warnings = append(warnings, "it could not be checked whether it throws things away when its memory is full; see to it that maxmemory-policy is noeviction")
	}
	appendonly, known := set("appendonly")
	if known && appendonly != "yes" {
		return nil, fmt.Errorf("%w, so everybody's rides and reminders would be lost when it stops: start it with --appendonly yes", ErrNotDurable)
	}
	if !known {
		warnings = append(warnings, "it could not be checked whether it keeps what it is told when it stops; see to it that it has persistence (appendonly yes, or your provider's word for it)")
	}
	if sync, ok := set("appendfsync"); ok && sync == "no" {
		warnings = append(warnings, "appendfsync is no, so half a minute can be lost when its machine dies; set appendfsync everysec")
	}
	if status, ok := infoField(ctx, node, "persistence", "aof_last_write_status"); ok && status != "ok" {
		return nil, fmt.Errorf("%w: its last write to disk failed; check that its disk has room", ErrNotDurable)
	}
	return warnings, nil
}

func infoField(ctx context.Context, node *goredis.Client, section, field string) (string, bool) {
	text, err := node.Info(ctx, section).Result()
	if err != nil {
		return "", false
	}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && name == field {
			return value, true
		}
	}
	return "", false
}

// masters are the servers that hold a part of the keyspace.
func (s *Store) masters(ctx context.Context) ([]*goredis.Client, error) {
	switch client := s.client.(type) {
	case *goredis.Client:
		return []*goredis.Client{client}, nil
	case *goredis.ClusterClient:
		var mu sync.Mutex
		var nodes []*goredis.Client
		err := client.ForEachMaster(ctx, func(_ context.Context, node *goredis.Client) error {
			mu.Lock()
			defer mu.Unlock()
			nodes = append(nodes, node)
			return nil
		})
		return nodes, err
	}
	return nil, fmt.Errorf("a Redis client of an unknown kind: %T", s.client)
}

// connect makes the client that fits the URL, and says hello.
func connect(ctx context.Context, redisURL string) (client goredis.UniversalClient, address string, err error) {
	client, address, err = newClient(redisURL, false)
	if err != nil {
		return nil, "", err
	}
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, "", errors.Join((&Store{address: address}).explain(err), client.Close())
	}
	single, ok := client.(*goredis.Client)
	if !ok {
		return client, address, nil
	}
	if enabled, _ := infoField(ctx, single, "cluster", "cluster_enabled"); enabled != "1" {
		return client, address, nil
	}
	if err := client.Close(); err != nil {
		return nil, "", err
	}
	return newClient(redisURL, true)
}

// How often a read, and a connection that cannot be made, is tried again. A
// change is never sent twice (see once).
const (
	retries     = 2
	dialRetries = 2
	// queue is how long a call may wait for a connection. When ten thousand people
	// tap at once, to be late is better than to be refused: whoever calls says
	// with a context how late is too late.
	queue = time.Hour
	// answer is how long Redis may take over one pipeline, unless the URL says
	// otherwise. A change whose answer is not heard is one that nobody can be
	// told about, so a machine that is only slow is given time.
	answer = 15 * time.Second
)

// newClient reads the URL and makes the client it asks for, or a cluster's.
// What the library says about a URL may quote it, password and all, so it is
// not passed on.
func newClient(redisURL string, cluster bool) (goredis.UniversalClient, string, error) {
	u, err := url.Parse(redisURL)
	if err != nil {
		return nil, "", errURL
	}
	still := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	query := u.Query()
	switch {
	case query.Has("master_name"):
		o, err := goredis.ParseFailoverURL(redisURL)
		if err != nil {
			return nil, "", errURL
		}
		o.Protocol, o.DisableIdentity, o.ContextTimeoutEnabled = 2, true, true
		o.MaxRetries, o.DialerRetries, o.PoolTimeout, o.OnConnect = retries, dialRetries, queue, loadScripts
		o.ReadTimeout = cmp.Or(o.ReadTimeout, answer)
		return goredis.NewFailoverClient(o), strings.Join(o.SentinelAddrs, ", "), nil
	case query.Has("addr") || cluster:
		o, err := goredis.ParseClusterURL(redisURL)
		if err != nil {
			return nil, "", errURL
		}
		o.Protocol, o.DisableIdentity, o.ContextTimeoutEnabled = 2, true, true
		o.MaxRetries, o.DialerRetries, o.PoolTimeout, o.OnConnect = retries, dialRetries, queue, loadScripts
		o.ReadTimeout = cmp.Or(o.ReadTimeout, answer)
		o.MaintNotificationsConfig = still
		// Our keys say where a command goes; the library need not ask the
		// server how each command likes to be spread.
		o.DisableRoutingPolicies = true
		return goredis.NewClusterClient(o), strings.Join(o.Addrs, ", "), nil
	}
	o, err := goredis.ParseURL(redisURL)
	if err != nil {
		return nil, "", errURL
	}
	o.Protocol, o.DisableIdentity, o.ContextTimeoutEnabled = 2, true, true
	o.MaxRetries, o.DialerRetries, o.PoolTimeout, o.OnConnect = retries, dialRetries, queue, loadScripts
	o.ReadTimeout = cmp.Or(o.ReadTimeout, answer)
	o.MaintNotificationsConfig = still
	return goredis.NewClient(o), o.Addr, nil
}

// explain turns what went wrong with Redis into a sentence with a way out. The
// contract's errors and the caller's own end pass through.
func (s *Store) explain(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded) && !errors.As(err, new(*net.OpError)):
		return err
	case isAny(err, "WRONGPASS", "NOAUTH", "ERR invalid password", "ERR AUTH", "ERR Client sent AUTH"):
		return fmt.Errorf("the Redis at %s does not accept the user or the password: check REDIS_URL", s.address)
	case isAny(err, "NOPERM"):
		return fmt.Errorf("the Redis at %s does not allow this user what village needs (%w): allow it ~village:* and +@all -@dangerous +info +config|get", s.address, err)
	case isAny(err, "OOM"):
		return fmt.Errorf("the Redis at %s is full (%w): raise maxmemory", s.address, err)
	case isAny(err, "READONLY"):
		return fmt.Errorf("the Redis at %s is a replica and cannot be written: set REDIS_URL to the master, or use Sentinel (?master_name=name)", s.address)
	case isAny(err, "MISCONF"):
		return fmt.Errorf("the Redis at %s cannot write to its disk (%w): check that its disk has room", s.address, err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the Redis at %s holds nothing of village's yet (%w)", s.address, err)
	case errors.Is(err, store.ErrNewer), errors.Is(err, ErrNotDurable), errors.Is(err, ErrEvicts):
		return fmt.Errorf("the Redis at %s: %w", s.address, err)
	case errors.As(err, new(net.Error)):
		return fmt.Errorf("the Redis at %s cannot be reached (%w): start it, or check REDIS_URL", s.address, err)
	}
	return fmt.Errorf("the Redis at %s: %w", s.address, err)
}

// isAny says whether the server's answer begins with one of its error codes.
func isAny(err error, codes ...string) bool {
	var answer goredis.Error
	if !errors.As(err, &answer) {
		return false
	}
	return slices.ContainsFunc(codes, func(code string) bool { return strings.HasPrefix(answer.Error(), code) })
}
