namespace LaionStream.Engine.Inputs.Wat;

/// <summary>
/// Finds a page's image links in a WAT record's JSON without parsing the rest. Keys may be in any order: Common Crawl wrote
/// <c>Envelope</c> first and <c>Links</c> before <c>Head</c> until 2015, the reverse today.
/// </summary>
/// <remarks>
/// The path down to <c>HTML-Metadata</c> is read key by key. Inside <c>Links</c>, nine tenths of a WAT, it jumps from one <c>{"path":"IMG@/</c> to the next: in
/// valid JSON those bytes cannot occur inside a string, whose quotes would be escaped. Whenever the jump is not certainly right (another key order, white
/// space, nested arrays, an ambiguous end), the links are read one by one instead.
/// </remarks>
internal static class LinkExtractor
{
    private static ReadOnlySpan<byte> LinkStart => "{\"path\":\""u8;

    private static ReadOnlySpan<byte> LinkWithImage => "{\"path\":\"IMG@"u8;

    private static ReadOnlySpan<byte> UsualImage => "{\"path\":\"IMG@/src\",\"url\":"u8;

    /// <summary>Scans one record.</summary>
    /// <param name="json">The record's block.</param>
    /// <param name="page">Receives the result; cleared first.</param>
    /// <param name="every">True: every link that has an <c>alt</c> or may name a licence; false: those whose path starts with <c>IMG@/</c>.</param>
    /// <returns>False when the JSON is malformed: <paramref name="page"/> must not be used then.</returns>
    public static bool TryScan(ReadOnlySpan<byte> json, ScannedPage page, bool every)
    {
        page.Reset();
        var cursor = new JsonCursor(json, 0);
        if (!cursor.TryTake((byte)'{'))
        {
            return false;
        }

        bool first = true;
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            if (!(key.SequenceEqual("Envelope"u8) ? TryScanEnvelope(json, ref cursor, page, every) : cursor.TrySkipValue()))
            {
                return false;
            }
        }

        return ended && !cursor.HasMore();
    }

    /// <summary>Finds the first link of the page to a Creative Commons licence, in <c>Links</c> or <c>Head</c>; <c>default</c> when there is none.</summary>
    /// <param name="json">The scanned record.</param>
    /// <param name="page">Its page.</param>
    public static Range FindLicense(ReadOnlySpan<byte> json, ScannedPage page)
    {
        ReadOnlySpan<byte> html = json[page.Html];
        int offset = page.Html.Start.Value;
        int from = 0;
        while (html[from..].IndexOf("creativecommons.org"u8) is int found and >= 0)
        {
            int at = from + found;
            int start = StringStart(html[..at]);
            if (start > 0 && IsAddress(html[..(start - 1)]))
            {
                var cursor = new JsonCursor(html, start - 1);
                if (cursor.TryTakeString(out Range inside) && NamesLicense(html[inside]))
                {
                    return (offset + inside.Start.Value)..(offset + inside.End.Value);
                }
            }

            from = at + 1;
        }

        return default;
    }

    /// <summary>Advances to the page's next meta element that has a content, and a name or the name of a header; false after the last.</summary>
    /// <param name="cursor">At the begin of the array, or where the last call left it.</param>
    /// <param name="first">True for the first call.</param>
    /// <param name="name">Raw content of the name string.</param>
    /// <param name="header">Raw content of the http-equiv string.</param>
    /// <param name="content">Raw content of the content string.</param>
    public static bool TryNextMeta(ref JsonCursor cursor, ref bool first, out Range name, out Range header, out Range content)
    {
        name = header = content = default;
        if (first && !cursor.TryTake((byte)'['))
        {
            return false;
        }

        while (cursor.TryNextElement(ref first, out _) && TryReadStrings(ref cursor, "name"u8, "content"u8, "http-equiv"u8, out name, out content, out header))
        {
            if ((ScannedLink.Has(name) || ScannedLink.Has(header)) && ScannedLink.Has(content))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Advances to the next value of a given response header: a string, or each string of an array; false after the last.</summary>
    /// <param name="cursor">At the begin of the object, or where the last call left it.</param>
    /// <param name="name">The header's name, in any case.</param>
    /// <param name="state">State of the walk; <c>default</c> for the first call.</param>
    /// <param name="value">Raw content of the value string.</param>
    public static bool TryNextHeader(ref JsonCursor cursor, ReadOnlySpan<byte> name, ref HeaderWalk state, out Range value)
    {
        value = default;
        if (!state.HasBegun)
        {
            state = new HeaderWalk { HasBegun = true, IsFirst = true };
            if (!cursor.TryTake((byte)'{'))
            {
                return false;
            }
        }

        while (true)
        {
            if (state.IsInArray)
            {
                bool firstOfArray = state.IsFirstOfArray;
                bool more = cursor.TryNextElement(ref firstOfArray, out bool ended);
                state.IsFirstOfArray = firstOfArray;
                if (more && cursor.Sees((byte)'"'))
                {
                    return cursor.TryTakeString(out value);
                }

                if (more ? !cursor.TrySkipValue() : !ended)
                {
                    return false;
                }

                state.IsInArray = more;
                continue;
            }

            bool first = state.IsFirst;
            bool found = cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out _);
            state.IsFirst = first;
            if (!found)
            {
                return false;
            }

            if (!System.Text.Ascii.EqualsIgnoreCase(key.Trim(" "u8), name))
            {
                if (!cursor.TrySkipValue())
                {
                    return false;
                }
            }
            else if (cursor.Sees((byte)'"'))
            {
                return cursor.TryTakeString(out value);
            }
            else if (cursor.TryTake((byte)'['))
            {
                (state.IsInArray, state.IsFirstOfArray) = (true, true);
            }
            else if (!cursor.TrySkipValue())
            {
                return false;
            }
        }
    }

    /// <summary>Whether the content of a JSON string contains <c>creativecommons.org/licenses/</c>.</summary>
    public static bool NamesLicense(ReadOnlySpan<byte> raw) =>
        raw.IndexOf("creativecommons.org/licenses/"u8) >= 0 || raw.IndexOf("creativecommons.org\\/licenses\\/"u8) >= 0;

    private static bool TryScanEnvelope(ReadOnlySpan<byte> json, ref JsonCursor cursor, ScannedPage page, bool every)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            return cursor.TrySkipValue();
        }

        bool first = true;
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            bool read =
                key.SequenceEqual("Payload-Metadata"u8) ? TryScanPayload(json, ref cursor, page, every) :
                key.SequenceEqual("WARC-Header-Metadata"u8) ? TryScanHeader(ref cursor, page) :
                cursor.TrySkipValue();
            if (!read)
            {
                return false;
            }
        }

        return ended;
    }

    private static bool TryScanHeader(ref JsonCursor cursor, ScannedPage page)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            return cursor.TrySkipValue();
        }

        bool first = true;
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            if (key.SequenceEqual("WARC-Target-URI"u8) && cursor.Sees((byte)'"'))
            {
                if (!cursor.TryTakeString(out Range address))
                {
                    return false;
                }

                page.TargetUri = address;
            }
            else if (!cursor.TrySkipValue())
            {
                return false;
            }
        }

        return ended;
    }

    private static bool TryScanPayload(ReadOnlySpan<byte> json, ref JsonCursor cursor, ScannedPage page, bool every)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            return cursor.TrySkipValue();
        }

        // HTML-Metadata lies one object below; both are entered by name.
        bool first = true;
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            bool read =
                key.SequenceEqual("HTTP-Response-Metadata"u8) ? TryScanResponse(json, ref cursor, page, every) :
                cursor.TrySkipValue();
            if (!read)
            {
                return false;
            }
        }

        return ended;
    }

    private static bool TryScanResponse(ReadOnlySpan<byte> json, ref JsonCursor cursor, ScannedPage page, bool every)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            return cursor.TrySkipValue();
        }

        bool first = true;
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            int start = cursor.Position;
            bool read = key.SequenceEqual("HTML-Metadata"u8) ? TryScanHtml(json, ref cursor, page, every) : cursor.TrySkipValue();
            if (!read)
            {
                return false;
            }

            if (key.SequenceEqual("Headers"u8))
            {
                page.Headers = start..cursor.Position;
            }
        }

        return ended;
    }

    private static bool TryScanHtml(ReadOnlySpan<byte> json, ref JsonCursor cursor, ScannedPage page, bool every)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            return cursor.TrySkipValue();
        }

        int start = cursor.Position;
        bool first = true;
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            bool read =
                key.SequenceEqual("Links"u8) ? TryScanLinks(json, ref cursor, page, every) :
                key.SequenceEqual("Head"u8) ? TryScanHead(ref cursor, page) :
                cursor.TrySkipValue();
            if (!read)
            {
                return false;
            }
        }

        page.Html = start..cursor.Position;
        return ended;
    }

    private static bool TryScanHead(ref JsonCursor cursor, ScannedPage page)
    {
        if (!cursor.TryTake((byte)'{'))
        {
            return cursor.TrySkipValue();
        }

        bool first = true;
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            bool read;
            if (key.SequenceEqual("Base"u8) && cursor.Sees((byte)'"'))
            {
                read = cursor.TryTakeString(out Range address);
                page.Base = address;
            }
            else
            {
                int start = cursor.Position;
                read = cursor.TrySkipValue();
                if (key.SequenceEqual("Metas"u8))
                {
                    page.Metas = start..cursor.Position;
                }
            }

            if (!read)
            {
                return false;
            }
        }

        return ended;
    }

    private static bool TryScanLinks(ReadOnlySpan<byte> json, ref JsonCursor cursor, ScannedPage page, bool every)
    {
        if (!cursor.TryTake((byte)'['))
        {
            return cursor.TrySkipValue();
        }

        bool first = true;
        return (!every && TryJump(json, ref cursor, page, ref first)) || TryWalk(json, ref cursor, page, every, ref first);
    }

    /// <summary>Reads the links one by one, from the start of the array or from after one of its elements.</summary>
    private static bool TryWalk(ReadOnlySpan<byte> json, ref JsonCursor cursor, ScannedPage page, bool every, ref bool first)
    {
        bool ended;
        while (cursor.TryNextElement(ref first, out ended))
        {
            if (!TryReadStrings(ref cursor, "path"u8, "url"u8, "alt"u8, out Range path, out Range url, out Range alt))
            {
                return false;
            }

            if (every ? ScannedLink.Has(alt) || NamesLicense(json[url]) : IsImage(json[path]))
            {
                page.Links.Add(new ScannedLink(path, url, alt));
            }
        }

        return ended;
    }

    /// <summary>
    /// Jumps from image link to image link. True when the end of the array was certainly reached. Otherwise the cursor is after the last link that was read,
    /// and reading one by one continues from there.
    /// </summary>
    private static bool TryJump(ReadOnlySpan<byte> json, ref JsonCursor cursor, ScannedPage page, ref bool first)
    {
        int start = cursor.Position;
        ReadOnlySpan<byte> links = json[start..];
        if (!links.StartsWith("{\""u8))
        {
            return false;
        }

        int taken = 0;
        int from = 1;
        while (LinkMarks.IndexOf(links, from) is int mark and >= 0)
        {
            from = mark + 1;
            if (links[mark] == (byte)'[')
            {
                return false; // a nested array, or the same bytes inside a text: then reading one by one is unnecessary but harmless
            }

            if (links[mark] == (byte)']')
            {
                if (!EndsOutsideString(links[taken..mark]))
                {
                    return false;
                }

                cursor = new JsonCursor(json, start + mark + 1);
                return true;
            }

            int at = mark - 3;
            int element = at - LinkStart.Length;
            if (element >= taken && links[element..].StartsWith(LinkWithImage) && (element == 0 || links[element - 1] == (byte)','))
            {
                var link = new JsonCursor(json, start + element);
                if (!TryReadImage(json, ref link, out ScannedLink image))
                {
                    return false;
                }

                if (IsImage(json[image.Path]))
                {
                    page.Links.Add(image);
                }

                cursor = link;
                first = false;
                taken = link.Position - start;
                from = Math.Max(from, taken);
            }
            else if (at >= 0 && MayBePath(links[..at]))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether certainly no string is open at the end of the bytes after a link that was read: with an escape among them, counting quotes is unreliable.
    /// </summary>
    private static bool EndsOutsideString(ReadOnlySpan<byte> links) => !links.Contains((byte)'\\') && (links.Count((byte)'"') & 1) == 0;

    /// <summary>Reads a link that begins with <c>{"path":"IMG@</c>, in the form that Common Crawl writes by fixed steps, any other form key by key.</summary>
    private static bool TryReadImage(ReadOnlySpan<byte> json, ref JsonCursor cursor, out ScannedLink image)
    {
        int at = cursor.Position;
        Range path = default;
        Range url = default;
        Range alt = default;
        bool first = true;
        if (json[at..].StartsWith(UsualImage))
        {
            first = false;
            path = (at + LinkStart.Length)..(at + LinkStart.Length + "IMG@/src".Length);
            var known = new JsonCursor(json, at + UsualImage.Length);
            if (!known.TryTakeString(out url) || (known.TryTake(",\"alt\":"u8) && !known.TryTakeString(out alt)))
            {
                image = default;
                return false;
            }

            cursor = known;
        }
        else
        {
            cursor.TryTake((byte)'{');
        }

        bool read = TryReadMembers(ref cursor, first, "path"u8, "url"u8, "alt"u8, ref path, ref url, ref alt);
        image = new ScannedLink(path, url, alt);
        return read;
    }

    /// <summary>Whether the bytes may be the value of a <c>path</c> that is not the first key, or that is preceded by white space.</summary>
    private static bool MayBePath(ReadOnlySpan<byte> before) =>
        before.Length >= 2 && before[^1] == (byte)'"' && before[^2] != (byte)'\\' && (before[^2] != (byte)':' || before.EndsWith("path\":\""u8));

    private static bool IsImage(ReadOnlySpan<byte> path) => path.StartsWith("IMG@/"u8) || path.StartsWith("IMG@\\/"u8);

    /// <summary>Reads up to three string members of an object by key and advances past it; skips any value that is not an object.</summary>
    private static bool TryReadStrings(
        ref JsonCursor cursor, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, out Range valueA, out Range valueB, out Range valueC)
    {
        valueA = valueB = valueC = default;
        if (!cursor.TryTake((byte)'{'))
        {
            return cursor.TrySkipValue();
        }

        return TryReadMembers(ref cursor, first: true, a, b, c, ref valueA, ref valueB, ref valueC);
    }

    /// <summary>The same from inside the object, before its first member or after another; earlier results stay unless their key occurs again.</summary>
    private static bool TryReadMembers(
        ref JsonCursor cursor, bool first, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ref Range valueA, ref Range valueB, ref Range valueC)
    {
        bool ended;
        while (cursor.TryNextKey(ref first, out ReadOnlySpan<byte> key, out ended))
        {
            if (!cursor.Sees((byte)'"'))
            {
                if (!cursor.TrySkipValue())
                {
                    return false;
                }

                continue;
            }

            if (!cursor.TryTakeString(out Range value))
            {
                return false;
            }

            if (key.SequenceEqual(a))
            {
                valueA = value;
            }
            else if (key.SequenceEqual(b))
            {
                valueB = value;
            }
            else if (key.SequenceEqual(c))
            {
                valueC = value;
            }
        }

        return ended;
    }

    /// <summary>Index at which the string begins that is still open at the end of <paramref name="before"/>, or -1.</summary>
    private static int StringStart(ReadOnlySpan<byte> before)
    {
        while (true)
        {
            int quote = before.LastIndexOf((byte)'"');
            if (quote < 0)
            {
                return -1;
            }

            before = before[..quote];
            int escapes = before.Length - before.TrimEnd((byte)'\\').Length;
            if ((escapes & 1) == 0)
            {
                return quote + 1;
            }
        }
    }

    private static bool IsAddress(ReadOnlySpan<byte> before)
    {
        before = before.TrimEnd(" \t\r\n"u8);
        if (before.IsEmpty || before[^1] != (byte)':')
        {
            return false;
        }

        before = before[..^1].TrimEnd(" \t\r\n"u8);
        return before.EndsWith("\"url\""u8) || before.EndsWith("\"href\""u8);
    }
}
