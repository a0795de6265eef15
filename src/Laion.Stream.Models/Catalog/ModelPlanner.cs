using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Tokenizers;

namespace LaionStream.Models.Catalog;

/// <summary>Assigns the files of a models folder to their roles: by <c>models.json</c> first, then by inspecting the models.</summary>
internal sealed class ModelPlanner(string folder, ModelOptions options, PromptList prompts, RunnerPool pool)
{
    /// <summary>CLIP's context (openai/CLIP clip/clip.py, <c>tokenize</c>).</summary>
    internal const int ClipContext = 77;

    /// <summary>Size of CLIP's own vocabulary; prompt lists are meaningful only for models that were trained with it.</summary>
    private const int ClipVocabularySize = 49408;

    private readonly ModelManifest _manifest = ModelManifest.Read(folder);

    /// <summary>Makes the plan.</summary>
    /// <exception cref="ModelException">A part is missing or does not match.</exception>
    public ModelPlan Make()
    {
        HashSet<string> taken = [.. _manifest.Models.Where(m => m.File is not null).Select(m => At(m.File!))];
        if (_manifest.Multilingual is { } other) { taken.Add(At(other.Text)); }

        (string visual, TensorSpec visualOutput) = Tower(_manifest.Clip?.Visual, taken, text: false);
        (string text, TensorSpec textOutput) = Tower(_manifest.Clip?.Text, taken, text: true);
        ClipConfig config = ClipConfig.Read([Path.GetDirectoryName(visual)!, folder, .. Parent(visual)]);
        ClipConfig textConfig = ClipConfig.Read([Path.GetDirectoryName(text)!, folder, .. Parent(text)]);
        TensorSpec input = SignatureRules.Pixels(pool.Look(visual))!;
        int height = input.Fixed(2) ?? config.Size ?? PixelSpec.Clip224.Height;
        int width = input.Fixed(3) ?? config.Size ?? PixelSpec.Clip224.Width;
        ITextTokenizer tokenizer = TokenizerFiles.Find(TokenizerFolders(text), out IReadOnlyList<string> files)
            ?? throw Missing($"holds no tokenizer (vocab.json and merges.txt, tokenizer.json or bpe_simple_vocab_16e6.txt.gz) beside {Path.GetRelativePath(folder, text)}");
        string? backbone = _manifest.Clip?.Backbone ?? options.Backbone ?? config.Backbone;
        return new ModelPlan
        {
            Backbone = backbone,
            Visual = visual,
            VisualOutput = visualOutput,
            Pixels = new PixelSpec(width, height, config.Fit),
            Scale = config.Scale,
            Text = text,
            TextOutput = textOutput,
            Tokenizer = tokenizer,
            TokenizerFiles = files,
            SettingsFiles = [.. config.Files.Union(textConfig.Files)],
            Context = textConfig.Context ?? ClipContext,
            Multilingual = _manifest.Multilingual,
            Scores = [.. Scores(backbone, tokenizer)],
        };
    }

    /// <summary>
    /// Whether two names mean one backbone: case, separators and a leading owner are ignored (<c>openai/clip-vit-base-patch32</c> is <c>ViT-B/32</c>).
    /// </summary>
    internal static bool IsSameBackbone(string? a, string? b) => a is not null && b is not null && Plain(a) == Plain(b);

    private static string Plain(string name)
    {
        string plain = new([.. name.ToLowerInvariant().Replace("base", "b").Replace("large", "l").Replace("patch", "").Where(char.IsAsciiLetterOrDigit)]);
        foreach (string owner in (string[])["openai", "xenova", "laion", "qdrant", "clip"])
        {
            if (plain.StartsWith(owner, StringComparison.Ordinal)) { plain = plain[owner.Length..]; }
        }

        return plain;
    }

    private (string Path, TensorSpec Output) Tower(string? named, HashSet<string> taken, bool text)
    {
        IEnumerable<string> candidates = named is not null ? [named] : ClipFiles.Candidates(folder, taken, text);
        foreach (string path in candidates.Select(At))
        {
            ModelSignature signature = pool.Look(path);
            bool fits = text ? SignatureRules.Ids(signature) is not null : SignatureRules.Pixels(signature) is not null;
            TensorSpec? output = text ? SignatureRules.TextOutput(signature) : SignatureRules.ImageOutput(signature);
            if (fits && output is not null) { return (path, output); }

            if (named is not null)
            {
                throw Missing($"names {named} as CLIP's {(text ? "text" : "image")} tower in models.json, and it takes {string.Join("; ", signature.Inputs)} and gives {string.Join("; ", signature.Outputs)}");
            }
        }

        throw Missing($"holds no .onnx model that takes {(text ? "token ids (integers [N, length])" : "pictures (floats [N, 3, H, W])")} and gives embeddings");
    }

    private List<(ModelEntry Entry, string Folder)> Scores(string? backbone, ITextTokenizer tokenizer)
    {
        bool general = tokenizer is ClipTokenizer clip && clip.Vocabulary.Size == ClipVocabularySize;
        var entries = new List<(ModelEntry Entry, string Folder)>();
        foreach (ModelEntry entry in _manifest.Models)
        {
            Check(entry, backbone);
            entries.Add((entry.Kind == ModelKind.ZeroShot ? entry with { Prompts = entry.Prompts ?? prompts } : entry, folder));
        }

        if (general && entries.All(e => e.Entry.Kind != ModelKind.ZeroShot))
        {
            entries.Add((new ModelEntry { Kind = ModelKind.ZeroShot, Prompts = prompts }, folder));
        }

        string fallback = options.Fallback.Length == 0 ? "" : Path.Combine(AppContext.BaseDirectory, options.Fallback);
        if (Directory.Exists(fallback))
        {
            foreach (ModelEntry entry in ModelManifest.Read(fallback).Models.Where(m => !m.IsHead && entries.All(e => e.Entry.FilledColumn != m.FilledColumn)))
            {
                entries.Add((entry, fallback));
            }
        }

        return entries.DistinctBy(e => e.Entry.FilledColumn).Count() == entries.Count
            ? entries
            : throw Missing($"has two models in models.json for one column: {string.Join(", ", entries.Select(e => e.Entry.Title))}");
    }

    private void Check(ModelEntry entry, string? backbone)
    {
        if (entry.Kind == ModelKind.ZeroShot ? entry.File is not null : entry.File is null)
        {
            throw entry.Wrong(entry.File is null ? "names no file" : "needs no file: prompts are embedded by CLIP's text tower");
        }

        if (entry.File is { } file && !File.Exists(At(file))) { throw entry.Wrong($"names {file}, which is not in {folder}"); }

        if (!entry.IsHead || entry.Kind == ModelKind.ZeroShot) { return; }

        if (entry.Backbone is null) { throw entry.Wrong("names no backbone; a head is meaningful only with the CLIP it was trained on"); }

        if (!IsSameBackbone(entry.Backbone, backbone))
        {
            throw entry.Wrong($"belongs to backbone {entry.Backbone}, and CLIP here is {backbone ?? "of no known name: give clip.backbone in models.json or Laion:Models:Backbone"}");
        }
    }

    private IEnumerable<string> TokenizerFolders(string text)
    {
        if (_manifest.Clip?.Tokenizer is { } named) { return [At(named)]; }

        string near = Path.GetDirectoryName(text)!;
        return [near, .. Parent(text), folder, Path.Combine(folder, "textual"), Path.Combine(folder, "tokenizer")];
    }

    /// <summary>The parent of a model's own folder, if it is still inside the models folder.</summary>
    private string[] Parent(string path) =>
        Path.GetDirectoryName(Path.GetDirectoryName(path)) is { } up && up.StartsWith(folder, StringComparison.Ordinal) ? [up] : [];

    private string At(string relative) => Path.GetFullPath(Path.Combine(folder, relative));

    private ModelException Missing(string what) => new("Laion:Models:Path", $"The models folder {folder} {what}.");
}
