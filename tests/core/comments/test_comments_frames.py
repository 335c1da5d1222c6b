"""The frames of comments in the languages that the scanner reads: what is kept, and what is translated."""

import pytest
from test_comments_rewrite import rewritten

FRAMES = [
    (
        "ruby",
        "# 说明\n# @param x [String] 参数\n# @return [Integer] 值\ndef f(x)\n",
        "# new\n# @param x [String] new\n# @return [Integer] new\ndef f(x)\n",
    ),
    (
        "php",
        '<?php\n/**\n * 说明\n * @param string $x 参数\n * @return int 值\n * @ORM\\Column(type="x")\n */\n',
        '<?php\n/**\n * new\n * @param string $x new\n * @return int new\n * @ORM\\Column(type="x")\n */\n',
    ),
    (
        "lua",
        "--- 说明\n---@param x string 参数\n---@return number 值\n",
        "--- new\n---@param x string new\n---@return number new\n",
    ),
    (
        "perl",
        "=head1 名前\n\nテキスト\n\n  my $x = 1;\n\n=over\n\n=item * 项目\n\n=back\n\n=cut\n",
        "=head1 new\n\nnew\n\n  my $x = 1;\n\n=over\n\n=item * new\n\n=back\n\n=cut\n",
    ),
    ("haskell", "-- | 说明\n--   还有\nf = 1 -- ^ 结果\n", "-- | new\nf = 1 -- ^ new\n"),
    (
        "csharp",
        '/// <summary>说明</summary>\n/// <param name="x">参数</param>\n',
        '/// <summary>new</summary>\n/// <param name="x">new</param>\n',
    ),
    (
        "xml",
        "<a>\n  <!-- 说明 -->\n  <!--\n    说明\n    说明\n  -->\n</a>\n",
        "<a>\n  <!-- new -->\n  <!--\n    new\n  -->\n</a>\n",
    ),
    ("sql", "-- 说明\nSELECT 1 -- 列\n;/* 说明 */\n", "-- new\nSELECT 1 -- new\n;/* new */\n"),
    (
        "powershell",
        "<#\n.SYNOPSIS\n说明\n.PARAMETER x\n参数\n#>\n",
        "<#\n.SYNOPSIS\nnew\n.PARAMETER x\nnew\n#>\n",
    ),
    (
        "r",
        "#' 说明\n#'\n#' @param x 参数\n#' @export\n#' @examples\n#' f(1)\n# 节 ----\n",
        "#' new\n#'\n#' @param x new\n#' @export\n#' @examples\n#' f(1)\n# new ----\n",
    ),
    (
        "elixir",
        '@doc """\n说明\n\n## 例\n\n    iex> f(1)\n    2\n"""\n',
        '@doc """\nnew\n\n## new\n\n    iex> f(1)\n    2\n"""\n',
    ),
    ("swift", "// MARK: - 部分\n/// - Parameter x: 参数\n", "// MARK: - new\n/// - Parameter x: new\n"),
    ("html", "<script>// 说明\n</script><!-- 说明 -->", "<script>// new\n</script><!-- new -->"),
    ("yaml", "# 说明\na: 1 # 值\n", "# new\na: 1 # new\n"),
    ("latex", "% 说明\n", "% new\n"),
    ("ocaml", "(** 说明\n    @param x 参数 *)\n", "(** new\n    @param x new *)\n"),
    ("makefile", "# 说明\nall: ## 帮助\n", "# new\nall: ## new\n"),
    ("julia", '"""\n    f(x)\n\n说明\n"""\nf(x) = 1\n', '"""\n    f(x)\n\nnew\n"""\nf(x) = 1\n'),
    (
        "graphql",
        '"""\n说明\n"""\ntype A { """说明""" b: Int }\n',
        '"""\nnew\n"""\ntype A { """new""" b: Int }\n',
    ),
    ("ruby", "=begin\n说明\n=end\n", "=begin\nnew\n=end\n"),
    ("kotlin", "/**\n * 说明\n * @param x 参数\n */\n", "/**\n * new\n * @param x new\n */\n"),
    ("erlang", "%% @doc 说明\n", "%% @doc new\n"),
    ("zig", "/// 说明\n", "/// new\n"),
]


@pytest.mark.parametrize(("language", "before", "after"), FRAMES)
def test_the_frame_stays(language, before, after):
    assert rewritten(before, language, "new") == after
