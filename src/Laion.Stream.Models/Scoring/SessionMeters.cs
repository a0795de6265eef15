using LaionStream.Models.Onnx;

namespace LaionStream.Models.Scoring;

/// <summary>How busy the parts of one session are.</summary>
/// <param name="Clip">CLIP with the heads on its embeddings.</param>
/// <param name="Scores">The models with towers of their own.</param>
internal sealed record SessionMeters(SessionMeter Clip, SessionMeter Scores)
{
    /// <summary>Fresh meters.</summary>
    /// <param name="device">The session's name.</param>
    /// <param name="threads">Threads inside it.</param>
    public static SessionMeters Of(string device, int threads) =>
        new(new SessionMeter(device, SessionMeter.ClipPart, threads), new SessionMeter(device, SessionMeter.ScoresPart, threads));
}
