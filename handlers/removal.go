package handlers

import (
	"context"
	"slices"
	"time"

	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
	"village/scheduler"
)

// The bot can be taken out of a server or a workspace, by mistake or for good. Nothing is
// said there any more, the operator hears of it, and after thirty days all of it is
// deleted, unless it comes back.

// removed notes that the bot was taken out of a workspace (ID).
func (a *App) removed(ctx context.Context, workspace string) {
	g, err := a.Away(ctx, workspace)
	if err != nil {
		a.Log.ErrorContext(ctx, "that the bot was taken out of a workspace could not be noted", "workspace", workspace, "error", err)
		return
	}
	if g.ID != "" {
		a.Log.WarnContext(ctx, "the bot was taken out of a workspace: nothing is said there any more, and all of it is deleted unless it comes back",
			"workspace", workspace, "deleted", g.DeletedAt(workspace).Format(time.RFC3339))
	}
}

// returned notes that the bot is in a workspace (ID).
func (a *App) returned(ctx context.Context, workspace string) {
	if err := a.Returned(ctx, workspace); err != nil {
		a.Log.ErrorContext(ctx, "that the bot is in a workspace again could not be noted", "workspace", workspace, "error", err)
	}
}

// prepareRemoval deletes what is kept of a workspace, when the bot has not come back.
func (a *App) prepareRemoval(t *records.Tx, job due, j records.RemovalJob) (scheduler.Delivery, error) {
	g, err := a.groupWith(t.Ctx, j.Group)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	if at := g.DeletedAt(j.Workspace); at.IsZero() || a.Now().Before(at) {
		return scheduler.Delivery{}, nil
	}
	if err := a.DeleteWorkspace(t.Ctx, g, j.Workspace, job.ID); err != nil {
		return scheduler.Delivery{}, err
	}
	a.Log.WarnContext(t.Ctx, "a workspace that the bot was taken out of was deleted", "workspace", j.Workspace)
	return scheduler.Delivery{}, nil
}

// there has nothing said in rooms that the bot was taken out of. What follows, such as the
// next time of a reminder, is kept, so that it goes on when the bot is back.
func (a *App) there(k scheduler.JobKind) scheduler.JobKind {
	prepare := k.Prepare
	k.Prepare = func(ctx context.Context, job store.Job, late bool) (scheduler.Delivery, error) {
		d, err := prepare(ctx, job, late)
		if err != nil || d.Out == nil || d.Out.To.Room == "" {
			return d, err
		}
		var g village.Group
		if _, err := a.Read(ctx, store.Key{Partition: job.Partition, Kind: records.KindGroup, ID: records.SettingsID}, &g); err != nil {
			return d, err
		}
		if g.Silent(d.Out.To.Room) {
			d.Out, d.Unreachable = nil, nil
		}
		return d, nil
	}
	return k
}

// Removed says from which workspaces the bot was taken out and when they are deleted, for
// an operator.
func (a *App) Removed(ctx context.Context) ([]string, error) {
	groups, err := a.Groups(ctx)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, g := range groups {
		for workspace := range g.Away {
			lines = append(lines, "the bot was taken out of "+workspace+": all of it is deleted on "+g.DeletedAt(workspace).Format(time.DateOnly)+" unless it comes back")
		}
	}
	slices.Sort(lines)
	return lines, nil
}
