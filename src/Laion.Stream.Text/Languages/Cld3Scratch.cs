namespace LaionStream.Text.Languages;

/// <summary>The buffers of one call; each thread keeps one set, so that a call allocates nothing.</summary>
internal sealed class Cld3Scratch
{
    /// <summary>Zero bytes that may be read after a text.</summary>
    public const int Padding = 16;

    [ThreadStatic]
    private static Cld3Scratch? _ofThread;

    /// <summary>This thread's set. It must not be kept across an await.</summary>
    public static Cld3Scratch OfThread => _ofThread ??= new Cld3Scratch();

    /// <summary>The text as UTF-8, and the character after the part that is judged.</summary>
    public byte[] Text { get; } = new byte[ScriptSpans.MaxTextBytes + Padding];

    /// <summary>The cleaned text; it is squeezed in place.</summary>
    public byte[] Cleaned { get; } = new byte[CleanedBytes];

    /// <summary>The text that features are computed from when it is not all of <see cref="Cleaned"/>.</summary>
    public byte[] Selected { get; } = new byte[CleanedBytes];

    /// <summary>One word between its markers, or one span.</summary>
    public byte[] Word { get; } = new byte[CleanedBytes];

    /// <summary>Where the characters of <see cref="Word"/> start.</summary>
    public int[] Starts { get; } = new int[CleanedBytes];

    /// <summary>The prediction table of <see cref="TextSqueeze"/>.</summary>
    public int[] Predictions { get; } = new int[TextSqueeze.TableLength];

    /// <summary>Sums over 1-grams.</summary>
    public NGramMean Unigrams { get; } = new();

    /// <summary>Sums over 2-grams.</summary>
    public NGramMean Bigrams { get; } = new();

    /// <summary>Sums over 3-grams.</summary>
    public NGramMean Trigrams { get; } = new();

    /// <summary>Sums over 4-grams.</summary>
    public NGramMean Quadgrams { get; } = new();

    /// <summary>The network's input.</summary>
    public float[] Input { get; } = new float[Cld3Weights.InputWidth];

    /// <summary>The network's hidden units.</summary>
    public float[] Hidden { get; } = new float[Cld3Weights.Shared.Hidden.OutputWidth];

    /// <summary>The network's outputs before softmax.</summary>
    public float[] Scores { get; } = new float[Cld3Weights.Shared.Softmax.OutputWidth];

    // An ASCII letter in a script span of its own becomes three bytes (see ScriptSpans.Clean).
    private const int CleanedBytes = (3 * ScriptSpans.MaxTextBytes) + Padding;
}
