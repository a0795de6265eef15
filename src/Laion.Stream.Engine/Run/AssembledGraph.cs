using System.Threading.Tasks.Dataflow;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Output;

namespace LaionStream.Engine.Run;

/// <summary>A graph that is ready to be fed.</summary>
/// <param name="Head">Where candidates go; completing it drains the graph.</param>
/// <param name="Writers">What its last blocks write; each may have an open part.</param>
/// <param name="Budgets">Slices of memory that its rows take from.</param>
internal sealed record AssembledGraph(ITargetBlock<Candidate> Head, IReadOnlyList<IPartWriter> Writers, IReadOnlyList<ByteBudget> Budgets);
