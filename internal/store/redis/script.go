package redis

import (
	"context"
	"crypto/sha1"
	_ "embed"
	"encoding/hex"

	goredis "github.com/redis/go-redis/v9"
)

var (
	//go:embed lua/doc.lua
	docSource string
	//go:embed lua/job.lua
	jobSource string
	//go:embed lua/commit.lua
	commitSource string
	//go:embed lua/settle.lua
	settleSource string
	//go:embed lua/lease.lua
	leaseSource string
	//go:embed lua/jobs.lua
	jobsSource string
	//go:embed lua/list.lua
	listSource string
	//go:embed lua/sweep.lua
	sweepSource string
	//go:embed lua/void.lua
	voidSource string

	commitScript = newScript(docSource + jobSource + commitSource)
	settleScript = newScript(jobSource + settleSource)
	leaseScript  = newScript(jobSource + leaseSource)
	jobsScript   = newScript(jobSource + jobsSource)
	listScript   = newScript(docSource + listSource)
	sweepScript  = newScript(docSource + sweepSource)
	voidScript   = newScript(jobSource + voidSource)
)

type script struct{ source, hash string }

func newScript(source string) script {
	sum := sha1.Sum([]byte(source)) // what EVALSHA knows a script by
	return script{source: source, hash: hex.EncodeToString(sum[:])}
}

// loadScripts makes a new connection's server know every script, so that one it
// does not know never stands between others in a pipeline: the order of the
// changes to a partition would be lost. Only somebody's SCRIPT FLUSH makes a
// server forget afterwards; runAll copes with that, in whatever order.
func loadScripts(ctx context.Context, cn *goredis.Conn) error {
	_, _ = cn.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for _, s := range []script{commitScript, settleScript, leaseScript, jobsScript, listScript, sweepScript, voidScript} {
			p.ScriptLoad(ctx, s.source)
		}
		return nil
	})
	// A server that refuses will say so again, to somebody who listens.
	return nil
}

// once is a command that is never sent twice: when a connection breaks after
// the server has run it, a second run would answer about its own first one.
type once struct{ *goredis.Cmd }

func (once) NoRetry() bool { return true }

// call is one run of a script.
type call struct {
	script script
	keys   []string
	args   []any
}

func (c call) command(ctx context.Context, name, body string) once {
	words := make([]any, 0, 3+len(c.keys)+len(c.args))
	words = append(words, name, body, len(c.keys))
	for _, k := range c.keys {
		words = append(words, k)
	}
	cmd := goredis.NewCmd(ctx, append(words, c.args...)...)
	cmd.SetFirstKeyPos(3) // routes a script to its shard in a cluster
	return once{cmd}
}

// run runs one script.
func (s *Store) run(ctx context.Context, c call) (any, error) {
	answers, errs := s.runAll(ctx, []call{c})
	return answers[0], errs[0]
}

// runAll runs scripts in one round trip, in order. A server that has forgotten
// a script is sent its text in a second one.
func (s *Store) runAll(ctx context.Context, calls []call) ([]any, []error) {
	answers, errs := make([]any, len(calls)), make([]error, len(calls))
	all := make([]int, len(calls))
	for i := range all {
		all[i] = i
	}
	unknown := s.send(ctx, calls, all, answers, errs, func(c call) once { return c.command(ctx, "evalsha", c.script.hash) })
	if len(unknown) > 0 {
		s.send(ctx, calls, unknown, answers, errs, func(c call) once { return c.command(ctx, "eval", c.script.source) })
	}
	for i, err := range errs {
		if err != nil {
			errs[i] = s.explain(err)
		}
	}
	return answers, errs
}

// send runs the chosen calls and says which scripts the server did not know.
func (s *Store) send(ctx context.Context, calls []call, chosen []int, answers []any, errs []error, command func(call) once) (unknown []int) {
	cmds := make([]once, len(chosen))
	for n, i := range chosen {
		cmds[n] = command(calls[i])
	}
	if len(cmds) == 1 {
		// The command keeps its own error.
		_ = s.client.Process(ctx, cmds[0])
	} else {
		_, _ = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
			for _, cmd := range cmds {
				_ = p.Process(ctx, cmd)
			}
			return nil
		})
	}
	for n, i := range chosen {
		answers[i], errs[i] = cmds[n].Result()
		if isAny(errs[i], "NOSCRIPT") {
			unknown = append(unknown, i)
		}
	}
	return unknown
}
