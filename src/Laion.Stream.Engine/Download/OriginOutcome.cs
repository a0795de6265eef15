using LaionStream.Dataset.Rows;
using LaionStream.Engine.OptOuts;

namespace LaionStream.Engine.Download;

/// <summary>What an origin's files say about one of its addresses.</summary>
/// <param name="Forbidden">Why the address is not requested; the default when it may be.</param>
/// <param name="Objections">Objections that are not obeyed.</param>
/// <param name="IsReserved">Whether tdmrep.json reserves it, unless the answer's header says otherwise.</param>
/// <param name="TdmPolicy">Address of the conditions in tdmrep.json; null when there are none.</param>
internal readonly record struct OriginOutcome(DropOutcome Forbidden, OptOutFindings Objections = default, bool IsReserved = false, string? TdmPolicy = null);
