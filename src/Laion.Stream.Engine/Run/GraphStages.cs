using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;

namespace LaionStream.Engine.Run;

/// <summary>The stages of the graph, one method each. Tests pass fakes.</summary>
/// <param name="Language">Identifies the caption's language and its set.</param>
/// <param name="Download">Fetches the picture's bytes.</param>
/// <param name="Decode">Turns them into the models' inputs.</param>
/// <param name="Sessions">One or more per device; at least one. Each has both parts: CLIP, and the score models with towers of their own.</param>
/// <param name="Similarity">Drops the rows that CLIP's scores alone exclude.</param>
/// <param name="Limits">Keeps or drops by all scores.</param>
/// <param name="Writers">One per output set; the last also receives sets without a writer.</param>
/// <param name="Drops">Writes dropped rows; null when none are written.</param>
internal sealed record GraphStages(
    Func<Candidate, CancellationToken, ValueTask<Step<Candidate>>> Language,
    Func<Candidate, CancellationToken, ValueTask<Step<FetchedImage>>> Download,
    Func<FetchedImage, CancellationToken, ValueTask<Step<PreparedImage>>> Decode,
    IReadOnlyList<IScoringSession> Sessions,
    Func<ComparedImage, CancellationToken, ValueTask<Step<ComparedImage>>> Similarity,
    Func<ScoredImage, CancellationToken, ValueTask<Step<KeptRow>>> Limits,
    IReadOnlyList<SetWriter<KeptRow>> Writers,
    DropRecorder? Drops = null);
