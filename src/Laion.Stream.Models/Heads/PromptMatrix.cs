using LaionStream.Models.Towers;

namespace LaionStream.Models.Heads;

/// <summary>Prompt embeddings of unit length, one per row.</summary>
internal sealed class PromptMatrix
{
    /// <summary>CLIP's logit scale, exp(4.6052) (openai/CLIP clip/model.py).</summary>
    private const double LogitScale = 100;

    private readonly float[] _rows;

    /// <summary>Normalises the rows.</summary>
    /// <param name="rows">All rows, concatenated.</param>
    /// <param name="width">Length of one row.</param>
    public PromptMatrix(float[] rows, int width)
    {
        _rows = rows;
        Width = width;
        Count = rows.Length / width;
        for (int i = 0; i < Count; i++) { Embeddings.Normalise(rows.AsSpan(i * width, width)); }
    }

    /// <summary>Length of a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>100 × cosine with each prompt.</summary>
    /// <param name="embedding">Unit length.</param>
    /// <param name="logits">One per prompt.</param>
    public void Logits(ReadOnlySpan<float> embedding, Span<double> logits)
    {
        for (int i = 0; i < Count; i++) { logits[i] = LogitScale * Embeddings.Dot(_rows.AsSpan(i * Width, Width), embedding); }
    }

    /// <summary>The two nearest prompts, nearest first; of equal ones the earlier.</summary>
    /// <param name="embedding">Unit length.</param>
    public (int First, int Second) Nearest(ReadOnlySpan<float> embedding)
    {
        Span<double> logits = Count <= 256 ? stackalloc double[Count] : new double[Count];
        Logits(embedding, logits);
        int first = 0;
        for (int i = 1; i < Count; i++)
        {
            if (logits[i] > logits[first]) { first = i; }
        }

        int second = first == 0 ? 1 : 0;
        for (int i = 0; i < Count; i++)
        {
            if (i != first && logits[i] > logits[second]) { second = i; }
        }

        return (first, second);
    }
}
