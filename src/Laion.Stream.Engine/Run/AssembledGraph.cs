using System.Threading.Tasks.Dataflow;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Output;

namespace LaionStream.Engine.Run;

/// <summary>A graph that is ready to receive candidates.</summary>
/// <param name="Head">Receives the candidates; completing it drains the graph.</param>
/// <param name="Writers">The writers of its last blocks; each may have an open part.</param>
/// <param name="Budgets">The slices of the memory budget that its rows use.</param>
internal sealed record AssembledGraph(ITargetBlock<Candidate> Head, IReadOnlyList<IPartWriter> Writers, IReadOnlyList<ByteBudget> Budgets);
