using System.Runtime.Intrinsics;

namespace LaionStream.Text.Languages;

/// <summary>
/// The feed-forward network: 80 inputs, 208 rectified units, softmax over 109 languages, all in float32 (google/cld3 src/embedding_network.cc).
/// </summary>
internal static class Cld3Network
{
    /// <summary>The most likely language (the first of equal ones) and its probability.</summary>
    /// <param name="weights">Parameters.</param>
    /// <param name="scratch">Holds the input; the hidden units and scores are written to it.</param>
    public static (int Language, float Probability) Run(Cld3Weights weights, Cld3Scratch scratch)
    {
        Span<float> hidden = scratch.Hidden;
        weights.Hidden.Run(scratch.Input, hidden);
        for (int i = 0; i < hidden.Length; i += Vector256<float>.Count)
        {
            Vector256.Max(Vector256.Create<float>(hidden[i..]), Vector256<float>.Zero).CopyTo(hidden[i..]);
        }

        weights.Softmax.Run(hidden, scratch.Scores);
        return Best(scratch.Scores);
    }

    private static (int Language, float Probability) Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        Vector256<float> sum = default;
        Vector256<float> top = Vector256.Create(scores[best]);
        for (int i = 0; i < scores.Length; i += Vector256<float>.Count)
        {
            sum += Vector256.Exp(Vector256.Create(scores[i..]) - top);
        }

        return (best, 1f / Vector256.Sum(sum));
    }
}
