using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Hosts;

/// <summary>
/// Permission to send one request to a host, or the reason for the refusal. A pass with a slot requires one call of <see cref="HostGate.Exit"/>.
/// </summary>
/// <param name="Slot">The request's slot; null for a refusal.</param>
/// <param name="Refused"><see cref="DropReason.HostBusy"/> or <see cref="DropReason.HostDown"/>; <see cref="DropReason.None"/> when permitted.</param>
internal readonly record struct HostPass(FetchSlot? Slot, DropReason Refused);
