package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"village/bot/slack"
	"village/internal/store"
)

// kindInstallation is what a workspace of Slack has handed out when it installed the app:
// one document each, sealed as everything is.
const kindInstallation = "installation"

const (
	installationsPartition = "slack/installations"
	installationsIndex     = "all"
)

func installationKey(key string) store.Key {
	return store.Key{Partition: installationsPartition, Kind: kindInstallation, ID: key}
}

// Installation is the one of a workspace or an organization, see [slack.Installations].
func (c *copies) Installation(ctx context.Context, key string) (*slack.Installation, error) {
	have, err := c.store.Get(ctx, installationKey(key))
	if err != nil || have[0].Rev == 0 {
		return nil, err
	}
	return readInstallation(have[0])
}

func readInstallation(d store.Doc) (*slack.Installation, error) {
	var i slack.Installation
	if err := json.Unmarshal(d.Body, &i); err != nil {
		return nil, fmt.Errorf("an installation: %w", err)
	}
	return &i, nil
}

// Installations are all there are.
func (c *copies) Installations(ctx context.Context) ([]slack.Installation, error) {
	var out []slack.Installation
	q := store.Query{Partition: installationsPartition, Index: installationsIndex}
	for {
		page, err := c.store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, d := range page {
			i, err := readInstallation(d)
			if err != nil {
				return nil, err
			}
			out = append(out, *i)
		}
		if len(page) < store.MaxPage {
			return out, nil
		}
		q.After = &page[len(page)-1]
	}
}

// ChangeInstallation changes one, and tries again where somebody was ahead.
func (c *copies) ChangeInstallation(ctx context.Context, key string, change func(*slack.Installation) *slack.Installation) error {
	k := installationKey(key)
	for range rounds {
		have, err := c.store.Get(ctx, k)
		if err != nil {
			return err
		}
		var before *slack.Installation
		if have[0].Rev > 0 {
			if before, err = readInstallation(have[0]); err != nil {
				return err
			}
		}
		after := change(before)
		if before == nil && after == nil {
			return nil
		}
		written := store.Change{Partition: k.Partition}
		if after == nil {
			written.Deletes = []store.Check{{Key: k, Rev: have[0].Rev}}
		} else {
			d := store.Doc{Key: k, Rev: have[0].Rev, Listed: []store.Entry{{Name: installationsIndex}}}
			if d.Body, err = json.Marshal(after); err != nil {
				return err
			}
			written.Puts = []store.Doc{d}
		}
		if err := c.store.Commit(ctx, written); !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return fmt.Errorf("an installation: %w", store.ErrStale)
}
