using System.Management.Automation;
using System.Reflection;
using ClassActivation.Batch;
using ClassActivation.Commands;
using ClassActivation.Drawing;
using ClassActivation.Evidence;
using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Interchange;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Identity;

/// <summary>Every property of a question and of a photo is compared, travels and shows, or is on a list that says why not.</summary>
public sealed class IdentityTests
{
    private static readonly CamQuestion Plain = new() { Model = "ResNet50", ClassIndex = 285, Label = "Egyptian_cat" };

    // Answers without a class to explain, or without a way to explain it.
    private static readonly Dictionary<Type, string[]> NotOf = new()
    {
        [typeof(Prediction)] =
        [
            nameof(CamQuestion.Method), nameof(CamQuestion.Layer), nameof(CamQuestion.MaxStep), nameof(CamQuestion.SimilarTo),
            nameof(CamQuestion.SimilarToHash), nameof(CamQuestion.Contrast), nameof(CamQuestion.ContrastClass),
            nameof(CamQuestion.ContrastStrength),
            nameof(CamQuestion.ContrastAuto), nameof(CamQuestion.Masking), nameof(CamQuestion.Scale), nameof(CamQuestion.Flip),
            nameof(CamQuestion.Reference),
        ],
        [typeof(FeatureMap)] =
        [
            nameof(CamQuestion.Method), nameof(CamQuestion.Layer), nameof(CamQuestion.MaxStep), nameof(CamQuestion.SimilarTo),
            nameof(CamQuestion.SimilarToHash), nameof(CamQuestion.Contrast), nameof(CamQuestion.ContrastClass),
            nameof(CamQuestion.ContrastStrength),
            nameof(CamQuestion.ContrastAuto), nameof(CamQuestion.Masking), nameof(CamQuestion.Scale), nameof(CamQuestion.Flip),
            nameof(CamQuestion.Reference),
            nameof(CamQuestion.ClassIndex), nameof(CamQuestion.WordNetId), nameof(CamQuestion.Label), nameof(CamQuestion.SharesLabel),
        ],
    };

    private static readonly Dictionary<Type, string> WithoutQuestion = new()
    {
        [typeof(CamAnnotation)] = "A box that people or other tools drew: no network was asked.",
        [typeof(CamTrust)] = "A verdict on many photos and classes: it has all that their questions have in common, and each of"
            + " its photos carries its own.",
        [typeof(CamPicture)] = "It has all of it, from its mark; of a sheet it gives one question for each map.",
        [typeof(CamLocalization)] = "A mean over many photos: it has what their questions have in common, and each of"
            + " its photos carries its own.",
        [typeof(CamFaithfulnessSummary)] = "A mean over many maps: it has what their questions have in common.",
        [typeof(FileInfo)] = "A file, whose content says what it is of.",
        [typeof(DirectoryInfo)] = "A folder, whose files say what they are of.",
        [typeof(string)] = "A picture drawn in text, for people.",
        [typeof(BatchState)] = "How far the work on a batch is; the batch's own file holds its questions.",
        [typeof(BatchShard)] = "How far the work on a part of a batch is; the batch's own file holds its questions.",
        [typeof(EvidenceCheck)] = "Whether a folder of evidence holds good; its files hold the question.",
        [typeof(CamModelInfo)] = "A network, about which nothing was asked.",
        [typeof(LayerSummary)] = "A layer of a network.",
        [typeof(PreprocessingProbe)] = "It is of a network that is not yet one of the module's.",
        [typeof(ImageClass)] = "A class of a network.",
        [typeof(Concept)] = "A concept above the classes of a network.",
    };

    public static TheoryData<string> QuestionProperties =>
        [.. typeof(CamQuestion).GetProperties().Where(static p => p.CanWrite).Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(QuestionProperties))]
    public void A_property_of_a_question_is_part_of_the_key_or_says_why_not(string name)
    {
        PropertyInfo property = typeof(CamQuestion).GetProperty(name)!;
        CamQuestion other = Changed(property);
        bool isKey = property.GetCustomAttribute<NotIdentityAttribute>() is null;

        Assert.Equal(!isKey, other == Plain);
        Assert.Equal(isKey, other.ToKey() != Plain.ToKey());
        Assert.True(isKey || property.GetCustomAttribute<NotIdentityAttribute>()!.Reason.Length > 10);
    }

    [Theory]
    [MemberData(nameof(QuestionProperties))]
    public void A_property_of_a_question_travels_in_keys_and_marks(string name)
    {
        PropertyInfo property = typeof(CamQuestion).GetProperty(name)!;
        CamQuestion question = Changed(property);

        Assert.Equal(question, CamQuestion.Parse(question.ToKey()));
        var mark =
            new PictureMark { Kind = PictureKind.Crop, Photo = "a\u0007 <\"猫\"> &.png", Question = question, Probability = double.NaN };
        using var encoded = new MemoryStream();
        PhotoEncoder.Encode(new Photo(2, 2, new byte[16]), PictureFormat.Webp, 90, encoded);
        using var written = new MemoryStream(PictureMarks.Write(encoded.ToArray(), mark));
        PictureMark read = PictureMarks.Read(written)!;
        Assert.Equal(mark, read);
        Assert.Equal(property.GetValue(question), property.GetValue(read.Question));
    }

    [Theory]
    [InlineData(typeof(Prediction))]
    [InlineData(typeof(FeatureMap))]
    [InlineData(typeof(ClassActivationMap))]
    [InlineData(typeof(CamComparison))]
    [InlineData(typeof(CamRegion))]
    [InlineData(typeof(PhotoLocalization))]
    [InlineData(typeof(CamFaithfulness))]
    [InlineData(typeof(PhotoTrust))]
    public void Every_answer_carries_its_question_in_flat_properties(Type answer)
    {
        foreach (string name in typeof(CamQuestion).GetProperties().Where(static p => p.CanWrite).Select(static p => p.Name).Except(NotOf.GetValueOrDefault(answer, [])))
        {
            Type? type = answer.GetProperty(name)?.PropertyType;
            Assert.True(type is not null, $"{answer.Name} lacks {name}.");
            Assert.True(type.IsPrimitive || type == typeof(string), $"{answer.Name}.{name} is a {type.Name}.");
        }

        Assert.All(
            (string[])[nameof(PhotoAnswer.Path), nameof(PhotoAnswer.PhotoLength), nameof(PhotoAnswer.PhotoWritten), nameof(PhotoAnswer.PhotoHash)],
            name => Assert.NotNull(answer.GetProperty(name)));
    }

    [Fact]
    public void Whatever_a_cmdlet_gives_carries_its_question_or_says_why_not()
    {
        Type[] given =
        [
            .. typeof(ExportCamMapCommand).Assembly.GetTypes().Where(static type => type.GetCustomAttribute<CmdletAttribute>() is not null)
                .SelectMany(static cmdlet => cmdlet.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(static output => output.Type)
                    .Select(static name => name.Type).Distinct(),
        ];
        Assert.Contains(typeof(CamTrust), given);
        Assert.Contains(typeof(CamAnnotation), given);

        Assert.Equal(
            WithoutQuestion.Keys.Select(static type => type.Name).Order(StringComparer.Ordinal),
            given.Where(static type => !typeof(PhotoAnswer).IsAssignableFrom(type)).Select(static type => type.Name)
                .Order(StringComparer.Ordinal));
        Assert.All(WithoutQuestion.Values, static reason => Assert.True(reason.Length > 10));
    }

    [Theory]
    [InlineData(typeof(CamTrust))]
    [InlineData(typeof(CamLocalization))]
    [InlineData(typeof(CamFaithfulnessSummary))]
    public void A_summary_has_what_the_questions_of_its_maps_have_in_common(Type summary)
    {
        string[] ofEachMap =
        [
            nameof(CamQuestion.ClassIndex), nameof(CamQuestion.WordNetId), nameof(CamQuestion.Label), nameof(CamQuestion.SharesLabel),
            nameof(CamQuestion.SimilarTo), nameof(CamQuestion.SimilarToHash), nameof(CamQuestion.Reference),
        ];
        Assert.True(summary.IsSubclassOf(typeof(CamSummary)));
        foreach (PropertyInfo property in typeof(CamQuestion).GetProperties().Where(p => p.CanWrite && !ofEachMap.Contains(p.Name)))
        {
            CamQuestion question = Changed(property);
            PropertyInfo shown = summary.GetProperty(property.Name)!;
            Assert.Equal($"{property.GetValue(question)}", $"{shown.GetValue(Summary(question, question))}");
            Assert.Null(shown.GetValue(Summary(question, Plain)));
        }

        Assert.Null(summary.GetProperty(nameof(CamQuestion.ClassIndex)));

        static CamTrust Summary(params CamQuestion[] questions) => new()
        {
            Shared = SharedQuestion.Of(questions),
            Reasons = [],
            Count = 0,
            Steps = 1,
            Dependence = 0,
            Comparisons = [],
            Stages = [],
            Incompleteness = null,
            PermutedSimilarity = 0,
            NoiseSensitivity = 0,
            JpegSensitivity = 0,
            SensitivityN = 0,
            Infidelity = 0,
            Photos = [],
        };
    }

    [Fact]
    public void A_picture_shows_what_its_mark_and_its_question_hold()
    {
        string[] elsewhere =
        [
            // Names of the photo carry its own before them; the folder is digits that tell nothing.
            nameof(PictureMark.Photo), nameof(PictureMark.PhotoFolder), nameof(PictureMark.Version), nameof(PictureMark.SheetHash),
            nameof(PictureMark.Question),
            nameof(PictureMark.Shown),
        ];
        Assert.All(
            typeof(PictureMark).GetProperties().Concat(typeof(CamQuestion).GetProperties().Where(static p => p.CanWrite))
                .Select(static p => p.Name).Except(elsewhere),
            static name => Assert.True(typeof(CamPicture).GetProperty(name) is not null, $"A picture lacks {name}."));
    }

    [Fact]
    public void A_map_shows_what_its_question_holds()
    {
        foreach (PropertyInfo property in typeof(CamQuestion).GetProperties().Where(static p => p.CanWrite))
        {
            CamQuestion question = Changed(property);
            ClassActivationMap map = TestMaps.Of(new PhotoIdentity { Path = "a" }, question);
            object? shown = typeof(ClassActivationMap).GetProperty(property.Name)!.GetValue(map);
            Assert.Equal($"{property.GetValue(question)}", $"{shown}");
        }
    }

    [Theory]
    [MemberData(nameof(QuestionProperties))]
    public void A_setting_shows_in_the_words_unless_the_label_or_the_digits_of_the_question_tell(string name)
    {
        string[] elsewhere =
        [
            nameof(CamQuestion.ClassIndex), nameof(CamQuestion.WordNetId), nameof(CamQuestion.Label), nameof(CamQuestion.SharesLabel),
            nameof(CamQuestion.Reference),
            // Its name is in the label, and digits of the hash are in names of pictures.
            nameof(CamQuestion.SimilarTo), nameof(CamQuestion.SimilarToHash),
            // These show where there is a contrast.
            nameof(CamQuestion.Contrast), nameof(CamQuestion.ContrastStrength), nameof(CamQuestion.ContrastAuto),
        ];

        Assert.Equal(!elsewhere.Contains(name), QuestionWords.Of(Changed(typeof(CamQuestion).GetProperty(name)!)).Count > 0);
    }

    [Fact]
    public void A_legend_names_network_method_and_contrast_where_they_are_not_the_plain_ones()
    {
        CamQuestion asked =
            Plain with
            {
                Model = "Own",
                ModelHash = "0123456789ABCDEF0123456789ABCDEF",
                Method = CamMethod.LayerCam,
                Contrast = "tabby",
                ContrastClass = "281",
                ContrastStrength = 2,
            };

        Assert.Equal("Egyptian cat", TitleOf(Plain));
        Assert.Equal("Egyptian cat (Own-01234567, LayerCam, not tabby, strength 2)", TitleOf(asked));

        static string TitleOf(CamQuestion question) =>
            CamLegend.For(TestMaps.Of(new PhotoIdentity { Path = "a" }, question, 0, 1), new OverlayOptions()).Title;
    }

    [Fact]
    public void A_photo_is_its_path_and_version_or_its_bytes()
    {
        var photo =
            new PhotoIdentity
            {
                Path = "/a",
                Length = 3,
                Written = PhotoIdentity.TimeText(new DateTime(638_000_000_000_000_001, DateTimeKind.Utc)),
            };
        Assert.Equal(photo, photo with { });
        Assert.NotEqual(photo, photo with { Path = "/b" });
        Assert.NotEqual(photo, photo with { Length = 4 });
        Assert.NotEqual(photo, photo with { Written = "2026-01-01T00:00:00.0000000Z" });
        Assert.True(photo.IsSamePhotoAs(photo with { Length = 4 }));
        Assert.Equal((new DateTime(638_000_000_000_000_001, DateTimeKind.Utc), 3), photo.Version);

        PhotoIdentity first = PhotoSource.FromMemory("photo", [1, 2, 3]).Identify();
        Assert.Equal(first, PhotoSource.FromMemory("other", [1, 2, 3]).Identify());
        Assert.NotEqual(first, PhotoSource.FromMemory("photo", [1, 2, 4]).Identify());
        Assert.Equal("039058C6F2C0CB492C533B0A4D14EF77CC0F78ABCCCED5287D84A1A2011CFB81", first.Hash);
    }

    [Fact]
    public void Two_photos_of_one_name_are_not_compared_and_have_rows_of_their_own()
    {
        ClassActivationMap one = OfMemory(1), other = OfMemory(2);

        Assert.Throws<ArgumentException>(() => MapComparer.Compare(one, other, 0.5, HeatmapNormalization.MinMax));
        Assert.Equal(2, CamSheetTable.Of([one, other], CamSheetColumn.Auto).Rows.Count);

        static ClassActivationMap OfMemory(byte content) => TestMaps.Of(PhotoSource.FromMemory("photo", [content]).Identify(), Plain, 0, 1);
    }

    [Theory]
    [InlineData(nameof(CamQuestion.Resampling), "cat by Nearest minus Bilinear")]
    [InlineData(nameof(CamQuestion.Resolution), "cat by 448px minus 224px")]
    [InlineData(nameof(CamQuestion.Fit), "cat by Stretch minus FullFrame")]
    public void A_difference_says_which_setting_makes_it(string name, string label)
    {
        ClassActivationMap reference = TestMaps.Map(1, [0, 1]);
        var map = new ClassActivationMap(reference.Photo, Changed(typeof(CamQuestion).GetProperty(name)!, reference.Question))
        {
            Rank = 1,
            Probability = 1,
            Logit = 1,
            Bias = 0,
            Rows = 1,
            Columns = 2,
            Minimum = 0,
            Maximum = 1,
            InputWidth = 448,
            InputHeight = 224,
            PhotoWidth = reference.PhotoWidth,
            PhotoHeight = reference.PhotoHeight,
            Coverage = reference.Coverage,
            Values = [0, 1],
        };

        ClassActivationMap difference = MapComparer.Compare(reference, map, 0.5, HeatmapNormalization.MinMax).Difference;

        Assert.Equal(label, difference.Label);
        Assert.Equal(reference.Question, CamQuestion.Parse(difference.Reference));
        Assert.Equal(map.Question, difference.Question with { Reference = "" });
    }

    private static CamQuestion Changed(PropertyInfo property, CamQuestion? from = null)
    {
        CamQuestion question = (from ?? Plain) with { };
        object value = property.Name switch
        {
            nameof(CamQuestion.ModelHash) => "0123456789ABCDEF0123456789ABCDEF",
            nameof(CamQuestion.ContrastClass) => "281,282",
            nameof(CamQuestion.Scale) => "1,2",
            nameof(CamQuestion.Reference) => Plain.ToKey(),
            nameof(CamQuestion.Resolution) => 448,
            nameof(CamQuestion.Resampling) => Resampling.Nearest,
            nameof(CamQuestion.Fit) => InputFit.Stretch,
            _ when property.PropertyType == typeof(string) => "Ümlaut; a=b, c",
            _ when property.PropertyType == typeof(bool) => true,
            _ when property.PropertyType == typeof(int) => 7,
            _ when property.PropertyType == typeof(double) => 0.1,
            _ when property.PropertyType.IsEnum => Enum.GetValues(property.PropertyType).Cast<object>().Last(),
            _ => throw new InvalidOperationException($"A value for {property.Name} is wanting."),
        };
        property.SetValue(question, value);
        return question;
    }
}
