using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Hosts;

/// <summary>Leave to send one request to a host, or the reason why there is none. A pass with a slot owes one <see cref="HostGate.Exit"/>.</summary>
/// <param name="Slot">The request's slot; null for a refusal.</param>
/// <param name="Refused"><see cref="DropReason.HostBusy"/> or <see cref="DropReason.HostDown"/>; <see cref="DropReason.None"/> for leave.</param>
internal readonly record struct HostPass(FetchSlot? Slot, DropReason Refused);
