using System.Net;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Download.Fetching;
using LaionStream.Engine.Download.Settings;
using LaionStream.Engine.Filtering;
using LaionStream.Engine.OptOuts;
using LaionStream.Host.Configuration;
using LaionStream.Models.Onnx;
using LaionStream.Text.Languages;
using Microsoft.Extensions.Options;

namespace LaionStream.Host.Verbs.Explain;

/// <summary>Answers any question (docs/spec.md, 2.2) by the rules of a run with the same settings. Not safe for concurrent use.</summary>
internal sealed class Explainer : IDisposable
{
    private readonly QuestionReader _questions = new();
    private readonly TextExplainer _texts;
    private readonly UrlExplainer _urls;
    private readonly AddressExplainer _addresses;
    private readonly RobotsExplainer _robots;
    private readonly HeadersExplainer _headers;
    private readonly TdmExplainer _reservations;
    private readonly PictureExplainer _pictures;
    private readonly PairExplainer _pairs;
    private readonly ExplainModels _models;

    private Explainer(IServiceProvider services, ExplainModels models, string? crops)
    {
        T Of<T>() where T : class => services.GetRequiredService<IOptions<T>>().Value;
        CandidateOptions candidates = Of<CandidateOptions>();
        _models = models;
        _texts = new TextExplainer(services.GetRequiredService<CaptionRules>(), services.GetRequiredService<ILanguageModel>(), models.Tokenizer,
            models.Context);
        _urls = new UrlExplainer(services.GetRequiredService<UrlRules>(), candidates.Rules);
        _addresses = new AddressExplainer(new AddressGuard([.. Of<DownloadOptions>().AllowPrivate.Select(network => IPNetwork.Parse(network))]));
        _robots = new RobotsExplainer(candidates.Agent);
        _headers = new HeadersExplainer(candidates.Agent);
        _reservations = new TdmExplainer(candidates.Agent);
        var optOuts = new OptOutJudge(
            OptOutPolicy.Of(Of<OptOutOptions>(), Of<DownloadOptions>().RespectHeaders, Of<DownloadOptions>().Robots), candidates.Agent);
        _pictures = new PictureExplainer(Of<ImagingOptions>(), models, optOuts, crops, services.GetRequiredService<ILogger<PictureExplainer>>());
        _pairs = new PairExplainer(_texts, _pictures, Of<FilterOptions>(), models);
    }

    /// <summary>Builds an explainer from the services of a run. Models are loaded when the first picture needs them.</summary>
    /// <param name="services">The engine's services.</param>
    /// <param name="crops">Folder for crops, created if it does not exist; null for none.</param>
    /// <exception cref="ModelException">The models folder does not exist, or its tokenizer cannot be used.</exception>
    /// <exception cref="UsageException">The folder for crops cannot be created.</exception>
    public static Explainer Create(IServiceProvider services, string? crops)
    {
        try
        {
            if (crops is not null) { Directory.CreateDirectory(crops); }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException([$"--crop-dir: {e.Message}"]);
        }

        return new Explainer(services, new ExplainModels(services), crops);
    }

    /// <summary>Answers one line.</summary>
    /// <param name="line">A JSON object, without its line end.</param>
    /// <param name="stop">Cancels long decodes.</param>
    /// <returns>One line of JSON; <c>{"error": "…"}</c> when the line is not a question that can be answered.</returns>
    /// <exception cref="ModelException">A picture needs models, and they cannot be loaded.</exception>
    public async ValueTask<string> AnswerAsync(ReadOnlyMemory<byte> line, CancellationToken stop)
    {
        try
        {
            return RowJson.Of(await AnswerAsync(_questions.Read(line.Span), stop));
        }
        catch (QuestionException e)
        {
            return RowJson.Of([new("error", e.Message)]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _models.Dispose();

    /// <summary>The least common field determines the question: a picture may be given with a text, a robots.txt with a URL.</summary>
    private async ValueTask<Answer> AnswerAsync(Question question, CancellationToken stop) => question switch
    {
        { Image: { } image, Text: { } text } => await _pairs.ExplainAsync(image, text, question.Raw, stop),
        { Image: { } image } => await _pictures.ExplainAsync(image, stop),
        { Robots: { } robots } => _robots.Explain(robots, question.Agent, question.Url ?? throw new QuestionException("'robots' wants a 'url'")),
        { Tdmrep: { } reservations } => _reservations.Explain(
            reservations, question.Headers, question.Agent, question.Url ?? throw new QuestionException("'tdmrep' wants a 'url'")),
        { Headers: { } headers } => _headers.Explain(headers, question.Agent),
        { Address: { } address } => _addresses.Explain(address),
        { Text: { } text } => _texts.Explain(text, question.Raw),
        { Url: { } url } => _urls.Explain(url, question.Base),
        _ => throw new QuestionException("the line asks nothing: one of text, url, address, robots, tdmrep, headers, image is wanted"),
    };
}
