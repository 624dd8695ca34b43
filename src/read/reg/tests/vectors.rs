//! What real regedit does with lines of every kind: one row a case, from tests that run on Windows too.

/// Columns: number, lines below `[K]`, what is stored afterwards, problems with the text that each points at.
///
/// `⏎` ends a line, `⇥` is a tab, `{K}` the key that is open at first. Values of `K` come first, then other keys.
/// Every row is read with each kind of line end, in both encodings. Cases that are about headers are elsewhere.
/// Rows marked `U` have the header of version 5, the others `REGEDIT4`.
pub(super) const VECTORS: &str = r##"
1 ‖ "a"="A" ‖ a=sz A ‖ 
3 ‖ "a"="A"⏎"b"="B" ‖ a=sz A & b=sz B ‖ 
4 ‖ "TestDword"=dword:00000017 ‖ TestDword=dword 17 ‖ 
5 ‖ "b"=dword:1 ‖ b=dword 1 ‖ 
5 ‖ "b"=dword:4444 ‖ b=dword 4444 ‖ 
6 ‖ "b"=hex:aa,bb,cc,11 ‖ b=hex(3) aabbcc11 ‖ 
7 ‖ "With=Equals"="asdf" ‖ With=Equals=sz asdf ‖ 
8 ‖ "Empty"="" ‖ Empty=sz  ‖ 
9 ‖ ""="Default registry value" ‖ @=sz Default registry value ‖ 
10 ‖ @="Test" ‖ @=sz Test ‖ 
11 ‖ "double\"quote"="valid \"or\" not" ‖ double"quote=sz valid "or" not ‖ 
12 ‖ "single'quote"=dword:00000008 ‖ single'quote=dword 8 ‖ 
13 ‖ [{K}\Subkey"1]⏎"Wine\\31"="Test value" ‖ [Subkey"1] & Wine\31=sz Test value ‖ 
14 ‖ [{K}\Subkey/2]⏎"123/\"4;'5"="Random value name" ‖ [Subkey/2] & 123/"4;'5=sz Random value name ‖ 
15 ‖ [{K}\https://winehq.org] ‖ [https://winehq.org] ‖ 
16 ‖ "\\foo\\bar"="" ‖ \foo\bar=sz  ‖ 
17 ‖ "x"="\\0" ‖ x=sz \0 ‖ 
18 ‖ "x"="\0" ‖  ‖ ignored:\0
18 ‖ "Value1\0"="x" ‖  ‖ ignored:\0
18 ‖ "\0V"="x" ‖  ‖ ignored:\0
19 ‖ "TestNoEndQuote"="Asdf ‖  ‖ ignored:"Asdf
20 ‖ "TestNoBeginQuote"=Asdf" ‖  ‖ ignored:Asdf"
21 ‖ "TestNoQuotes"=Asdf ‖  ‖ ignored:Asdf
22 ‖ "NameNoEndQuote="Asdf" ‖  ‖ ignored:Asdf"
23 ‖ NameNoBeginQuote"="Asdf" ‖  ‖ ignored:NameNoBeginQuote"
23 ‖ NameNoQuotes="Asdf" ‖  ‖ ignored:NameNoQuotes
24 ‖ "MixedQuotes=Asdf" ‖  ‖ ignored:"MixedQuotes=Asdf"
25 ‖ "a"="foo"bar" ‖  ‖ ignored:bar"
25 ‖ "a"="foo""bar" ‖  ‖ ignored:"bar"
26 ‖ "a"= ‖  ‖ ignored:=
26 ‖ "a"=\" ‖  ‖ ignored:\"
26 ‖ "a"=\"V\" ‖  ‖ ignored:\"V\"
26 ‖ "a"=\"V" ‖  ‖ ignored:\"V"
27 ‖ "a"=dword: ‖  ‖ ignored:dword:
27 ‖ "a"=dword:hello ‖  ‖ ignored:hello
28 ‖ "a"=dword:123456789 ‖  ‖ ignored:123456789
28 ‖ "a"=dword:012345678 ‖  ‖ ignored:012345678
28 ‖ "a"=dword:000000001 ‖  ‖ ignored:000000001
29 ‖ "a"=dword:12345678abc ‖  ‖ ignored:12345678abc
29 ‖ "a"=dword:12345678 abc ‖  ‖ ignored:abc
29 ‖ "a"=dword:123 456 ‖  ‖ ignored:456
29 ‖ "a"=dword:1234 5678 ‖  ‖ ignored:5678
29 ‖ "a"=dword:0x123 ‖  ‖ ignored:0x123
30 ‖ "a"=dword:  00000008 ‖ a=dword 8 ‖ 
30 ‖ "a"=dword:⇥⇥00000008 ‖ a=dword 8 ‖ 
31 ‖ "a"=dword:1234;5678 ‖ a=dword 1234 ‖ 
31 ‖ "a"=dword:1234 ;5678 ‖ a=dword 1234 ‖ 
32 ‖ "a"=dword:1234#5678 ‖  ‖ hash:#5678
32 ‖ "a"=dword:1234 #5678 ‖  ‖ hash:#5678
33 ‖ "a"=dword:1234\⏎5678 ‖  ‖ ignored:\
34 ‖ "a"="Test \⏎Value" ‖  ‖ ignored:"Test \
35 ‖ "Test\⏎17a"="V1"⏎"Test17b"="V2" ‖ Test17b=sz V2 ‖ ignored:"Test\ & ignored:17a"
36 ‖ [{K}\⏎Subkey1] ‖  ‖ key:[{K}\
36 ‖ [{K}⏎\Subkey2] ‖  ‖ key:[{K}
37 ‖ "m"=hex(7):4c,69,6e,65,20,\⏎  63,6f,6e,63,\⏎⇥⇥61,74,00,00 ‖ m=hex(7) Line concat\0\0 ‖ 
38 ‖ "m"=hex(2):\⏎  25,48,4f,4d,45,25,00 ‖ m=hex(2) %HOME%\0 ‖ 
39 ‖ "m"=hex(2):25,48,25,00, ‖ m=hex(2) %H%\0 ‖ 
40 ‖ "m"=hex(7):4c,69,20,  \⏎  63,00,00 ‖ m=hex(7) Li c\0\0 ‖ 
40 ‖ "m"=hex(7):4c,69,20,⇥\⏎  63,00,00 ‖ m=hex(7) Li c\0\0 ‖ 
41 ‖ "m"=hex(7):4c,69,  \  ;comment⏎  63,00,00 ‖ m=hex(7) Lic\0\0 ‖ 
41 ‖ "m"=hex(7):4c,69,\⇥  ;comment⏎  63,00,00 ‖ m=hex(7) Lic\0\0 ‖ 
42 ‖ "m"=hex(2):25,5c\⏎  25,00 ‖  ‖ comma:\
42 ‖ "m"=hex(2):25,5c  \  ;comment⏎  25,00 ‖  ‖ comma:\
42 ‖ "m"=hex(2):25,5c\⇥  ;c⏎  25,00 ‖  ‖ comma:\
43 ‖ "m"=hex(0):56,00,\;comment⏎  6c,00,⏎  65 ‖ m=hex(0) 56006c00 ‖ cut:65
44 ‖ "m"=hex(0):56,00,\;comment⏎  6c,00,;comment⏎  65 ‖ m=hex(0) 56006c00 ‖ cut:65
45 ‖ "m"=hex(0):56,00,\;comment⏎  6c,00,\#comment⏎  65,00 ‖  ‖ ignored:\#comment
46 ‖ "m"=hex:11,22,33,\⏎⏎⏎  44,55 ‖ m=hex(3) 1122334455 ‖ 
46 ‖ "m"=hex:11,22,33,\⏎  ⏎⇥ ⏎  44,55 ‖ m=hex(3) 1122334455 ‖ 
47 ‖ "m"=hex(7):4c,69,\⏎;comment⏎  65,00,00 ‖ m=hex(7) Lie\0\0 ‖ 
47 ‖ "m"=hex(7):4c,69,\⏎  ;comment⏎  65,00,00 ‖ m=hex(7) Lie\0\0 ‖ 
48 ‖ "m"=hex(7):4c,69,\⏎#comment⏎  65,00,00 ‖  ‖ hash:#comment
48 ‖ "m"=hex(7):4c,69,\⏎  #comment⏎  65,00,00 ‖  ‖ hash:#comment
49 ‖ "m"=hex:11,22,33,44\⏎,55 ‖  ‖ comma:\
49 ‖ "m"=hex:11,22,33,44\⏎  ,55 ‖  ‖ comma:\
49 ‖ "m"=hex:11,22,33,44\⏎  55 ‖  ‖ comma:\
50 ‖ "m"=hex:11,22,33,4\⏎4,55 ‖  ‖ comma:\
50 ‖ "m"=hex:11,22,33,4\⏎  4,55 ‖  ‖ comma:\
51 ‖ "m"=hex(2):25,48\,4f ‖  ‖ ignored:\,4f
51 ‖ "m"=hex(2):25,48,\4f ‖  ‖ ignored:\4f
51 ‖ "m"=hex(2):25,48\ ,4f ‖  ‖ ignored:\ ,4f
51 ‖ "m"=hex(2):25,48,\ 4f ‖  ‖ ignored:\ 4f
51 ‖ "m"=hex(2):\25,48 ‖  ‖ ignored:\25,48
51 ‖ "m"=hex(2):\ 25,48 ‖  ‖ ignored:\ 25,48
51 ‖ "m"=hex(2):25,4\f ‖  ‖ ignored:\f
51 ‖ "m"=hex(2):25,\,41 ‖  ‖ ignored:\,41
51 ‖ "m"=hex(2):25,5c,\\⏎  41,00⏎"n"=dword:1 ‖ n=dword 1 ‖ ignored:\\
52 ‖ "m"=hex(2):,\⏎  25,48 ‖  ‖ ignored:,
53 ‖ "m"=hex(7):4c,20,\⏎  ,63 ‖  ‖ ignored:,
53 ‖ "m"=hex(7):4c,20,\⏎  63,,6f⏎"n"=dword:1 ‖ n=dword 1 ‖ ignored:,
54 ‖ "m"=hex:11,22,33,\⏎\⏎  44 ‖  ‖ ignored:\
54 ‖ "m"=hex:11,22,33,\⏎  \⏎  44⏎"n"=dword:1 ‖ n=dword 1 ‖ ignored:\
55 ‖ "m"=hex(0):56,5c,/⏎  41 ‖  ‖ ignored:/
55 ‖ "m"=hex(0):56,5c/⏎  41 ‖  ‖ ignored:5c/
56 ‖ "m"=hex(7):4c,69,6e,65,20\ ‖  ‖ comma:\
57 ‖ "m"=hex(0):56,61,6c,75,65,\ ‖ m=hex(0) 56616c7565 ‖ cut:\
58 ‖ "m"=hex(2):25,50,41,54,48,25,\ ‖ m=hex(2) %PATH%\0 ‖ cut:\
59 ‖ "m"=hex(7):4c,69,6e,65,\ ‖ m=hex(7) Line\0 ‖ cut:\
60 ‖ "m"=hex(7):4c,69,6e,65 ‖ m=hex(7) Line\0 ‖ 
60 ‖ "m"=hex(7):4c,69,6e,65,00 ‖ m=hex(7) Line\0 ‖ 
60 ‖ "m"=hex(7):4c,69,6e,65,00,00 ‖ m=hex(7) Line\0\0 ‖ 
61 ‖ "m"=hex(2):25,50,41,54,48,25 ‖ m=hex(2) %PATH%\0 ‖ 
61 U ‖ "m"=hex(2):25,00,50,00,25,00 ‖ m=hex(2) %P%\0 ‖ 
62 ‖ "m"=hex: ‖ m=hex(3)  ‖ 
62 ‖ "m"=hex(0): ‖ m=hex(0)  ‖ 
62 ‖ "m"=hex(1): ‖ m=hex(1)  ‖ 
62 ‖ "m"=hex(2): ‖ m=hex(2)  ‖ 
62 ‖ "m"=hex(3): ‖ m=hex(3)  ‖ 
62 ‖ "m"=hex(4): ‖ m=hex(4)  ‖ 
62 ‖ "m"=hex(7): ‖ m=hex(7)  ‖ 
62 ‖ "m"=hex(100): ‖ m=hex(100)  ‖ 
62 ‖ "m"=hex(abcd): ‖ m=hex(abcd)  ‖ 
63 ‖ "m"=hex(10):41 ‖ m=hex(10) 41 ‖ 
63 ‖ "m"=hex(100):41 ‖ m=hex(100) 41 ‖ 
63 ‖ "m"=hex(1000):41 ‖ m=hex(1000) 41 ‖ 
63 ‖ "m"=hex(7fff):41 ‖ m=hex(7fff) 41 ‖ 
63 ‖ "m"=hex(ffff):41 ‖ m=hex(ffff) 41 ‖ 
63 ‖ "m"=hex(7fffffff):41 ‖ m=hex(7fffffff) 41 ‖ 
63 ‖ "m"=hex(ffffffff):41 ‖ m=hex(ffffffff) 41 ‖ 
64 ‖ "m"=hex(100000000):41 ‖  ‖ ignored:100000000
64 ‖ "m"=hex(0x2):41 ‖  ‖ ignored:0x2
64 ‖ "m"=hex(0X2):41 ‖  ‖ ignored:0X2
64 ‖ "m"=hex(x2):41 ‖  ‖ ignored:x2
65 ‖ "m"=hex(0):25,50,100,54 ‖  ‖ ignored:100
65 ‖ "m"=hex(0):25,1a4 ‖  ‖ ignored:1a4
66 U ‖ "m"=hex(4):80,70,60,50,40,30,20,10 ‖ m=hex(4) 8070605040302010 ‖ 
67 U ‖ "m"=hex(1):56,00,61,00,00,00 ‖ m=hex(1) Va\0 ‖ 
68 U ‖ "m"=hex(1):00,00,61,00,62,00,63,00 ‖ m=hex(1) \0abc\0 ‖ 
69 ‖ "A"=hex(2):4c,69,20,\⏎"B"="Test value" ‖  ‖ ignored:\ & swallowed:"B"="Test value"
70 ‖ "A"=hex(2):4c,69,20,\⏎;comment⏎"B"="Test value" ‖  ‖ ignored:\ & swallowed:"B"="Test value"
71 ‖ "A"=hex(2):4c,69,20,\⏎#comment⏎"B"="Test value" ‖ B=sz Test value ‖ hash:#comment
72 ‖ "A"=hex(2):4c,69,20,\⏎⏎"B"="Test value" ‖  ‖ ignored:\ & swallowed:"B"="Test value"
73 ‖ "A"=hex(2):4c,69,20\⏎"B"="Test value" ‖ B=sz Test value ‖ comma:\
74 ‖ "A"=hex(2):4c,69,20,\⏎"B"=dword:1 ‖  ‖ ignored:\ & swallowed:"B"=dword:1
74 ‖ "A"=hex(2):4c,69,20,\⏎;comment⏎"B"=dword:1 ‖  ‖ ignored:\ & swallowed:"B"=dword:1
74 ‖ "A"=hex(2):4c,69,20,\⏎#comment⏎"B"=dword:1 ‖ B=dword 1 ‖ hash:#comment
74 ‖ "A"=hex(2):4c,69,20,\⏎⏎"B"=dword:1 ‖  ‖ ignored:\ & swallowed:"B"=dword:1
74 ‖ "A"=hex(2):4c,69,20\⏎"B"=dword:1 ‖ B=dword 1 ‖ comma:\
74 ‖ "A"=hex(2):4c,69,20,\⏎"B"=hex(2):25,\⏎  25,00 ‖  ‖ ignored:\ & swallowed:"B"=hex(2):25,\
74 ‖ "A"=hex(2):4c,69,20,\⏎;comment⏎"B"=hex(2):25,00 ‖  ‖ ignored:\ & swallowed:"B"=hex(2):25,00
74 ‖ "A"=hex(2):4c,69,20,\⏎#comment⏎"B"=hex(2):25,\⏎  25,00 ‖ B=hex(2) %%\0 ‖ hash:#comment
74 ‖ "A"=hex(2):4c,69,20,\⏎⏎"B"=hex(2):25,00 ‖  ‖ ignored:\ & swallowed:"B"=hex(2):25,00
74 ‖ "A"=hex(2):4c,69,20\⏎"B"=hex(2):25,00 ‖ B=hex(2) %\0 ‖ comma:\
75 ‖ "A"=hex(2):4c,69,20,\⏎@="D" ‖  ‖ ignored:\ & swallowed:@="D"
75 ‖ "A"=hex(2):4c,69,20\⏎@="D" ‖ @=sz D ‖ comma:\
76 ‖ "A"=hex(2):4c,69,20,\⏎[{K}\Subkey1] ‖  ‖ ignored:\ & swallowed:[{K}\Subkey1]
77 ‖ "A"=hex(2):4c,69,20\⏎[{K}\Subkey2] ‖ [Subkey2] ‖ comma:\
78 ‖ "a"="Value 1"#comment ‖  ‖ hash:#comment
78 ‖ "a"="V"  #c ‖  ‖ hash:#c
78 ‖ "a"="V"⇥⇥#c ‖  ‖ hash:#c
79 ‖ "a"="Value 2";comment ‖ a=sz Value 2 ‖ 
79 ‖ "a"="V"  ;c ‖ a=sz V ‖ 
79 ‖ "a"="V"⇥⇥;c ‖ a=sz V ‖ 
80 ‖ "a"=dword:02040608 ;comment ‖ a=dword 2040608 ‖ 
80 ‖ "a"=dword:01020304 #comment ‖  ‖ hash:#comment
81 ‖ "m"=hex(2):25,25,00  ;comment ‖ m=hex(2) %%\0 ‖ 
81 ‖ "m"=hex(2):25,25,00⇥;comment ‖ m=hex(2) %%\0 ‖ 
81 ‖ "m"=hex(2):25,25,00  #comment ‖  ‖ hash:#comment
81 ‖ "m"=hex(2):25,25,00⇥#comment ‖  ‖ hash:#comment
82 ‖ #comment\⏎"Wine1"="Line 1" ‖ Wine1=sz Line 1 ‖ 
82 ‖ ;comment\⏎"Wine2"="Line 2" ‖ Wine2=sz Line 2 ‖ 
83 ‖ #"C1"="V" ‖  ‖ 
83 ‖ ;"C2"="V" ‖  ‖ 
83 ‖     #"C3"="V" ‖  ‖ 
83 ‖     ;"C4"="V" ‖  ‖ 
84 ‖ "a"="Value 6"#"C5"="x" ‖  ‖ hash:#"C5"="x"
85 ‖ "a"="Value 7";"C6"="x" ‖ a=sz Value 7 ‖ 
86 ‖ "a"=#"V" ‖  ‖ ignored:#"V"
86 ‖ "a"=;"V" ‖  ‖ ignored:;"V"
86 ‖ "a"=#dword:1 ‖  ‖ ignored:#dword:1
86 ‖ "a"=;dword:2 ‖  ‖ ignored:;dword:2
87 ‖ "a"="#c" ‖ a=sz #c ‖ 
87 ‖ "a"=";c" ‖ a=sz ;c ‖ 
87 ‖ "a"="V#c" ‖ a=sz V#c ‖ 
87 ‖ "a"="V;c" ‖ a=sz V;c ‖ 
87 ‖ "a"="V #c" ‖ a=sz V #c ‖ 
87 ‖ "a"="V ;c" ‖ a=sz V ;c ‖ 
88 ‖ "a"=dword:00000003#c ‖  ‖ hash:#c
88 ‖ "a"=dword:00000004;c ‖ a=dword 4 ‖ 
90 ‖   [{K}\S]⏎"a"="V" ‖ [S] & a=sz V ‖ 
90 ‖ ⇥[{K}\S]⏎"a"="V" ‖ [S] & a=sz V ‖ 
90 ‖  ⇥ [{K}\S]⏎"a"="V" ‖ [S] & a=sz V ‖ 
91 ‖   "a"="V" ‖ a=sz V ‖ 
91 ‖ ⇥"a"="V" ‖ a=sz V ‖ 
92 ‖ "a"⇥⇥="V" ‖ a=sz V ‖ 
92 ‖ "a"=⇥  "V" ‖ a=sz V ‖ 
92 ‖ "a"    ⇥    =    ⇥    "V" ‖ a=sz V ‖ 
93 ‖ "  a"="V" ‖   a=sz V ‖ 
93 ‖ "⇥⇥a"="V" ‖ ⇥⇥a=sz V ‖ 
93 ‖   "  a  "  =  "  V  "   ‖   a  =sz   V   ‖ 
94 ‖ "a"="V"     ‖ a=sz V ‖ 
94 ‖ "a"="V"⇥  ⇥ ‖ a=sz V ‖ 
95 ‖ @  =  "V" ‖ @=sz V ‖ 
95 ‖ ⇥@⇥=⇥dword:⇥00000008⇥ ‖ @=dword 8 ‖ 
96 ‖ [{K}\No_Closing_Bracket⏎"a"="V" ‖  ‖ key:[{K}\No_Closing_Bracket
97 ‖ {K}\No_Opening_Bracket]⏎"a"="V" ‖ a=sz V ‖ key:{K}\No_Opening_Bracket]
98 ‖ [ {K}\Subkey1a]⏎"a"="V" ‖  ‖ key:[ {K}\Subkey1a]
98 ‖ [⇥{K}\Subkey1b]⏎"a"="V" ‖  ‖ key:[⇥{K}\Subkey1b]
99 ‖ [{K}\Subkey1c ] ‖ [Subkey1c ] ‖ 
99 ‖ [{K}\Subkey1d⇥] ‖ [Subkey1d⇥] ‖ 
100 ‖ [{K}\Subkey1e\]⏎"a"="V" ‖ [Subkey1e] & a=sz V ‖ 
100 ‖ [{K}\Subkey1e\\]⏎"a"="V" ‖ [Subkey1e] & a=sz V ‖ 
100 ‖ [{K}\\\Subkey1e\\\\]⏎"a"="V" ‖ [Subkey1e] & a=sz V ‖ 
101 ‖ [{K}\Subkey2a\X]⏎[{K}\Subkey2a]⏎[-{K}\Subkey2a] ‖  ‖ 
102 ‖ [{K}\S]⏎[ -{K}\S] ‖ [S] ‖ key:[ -{K}\S]
102 ‖ [{K}\S]⏎[⇥-{K}\S] ‖ [S] ‖ key:[⇥-{K}\S]
102 ‖ [{K}\S]⏎[- {K}\S] ‖ [S] ‖ key:[- {K}\S]
102 ‖ [{K}\S]⏎[-⇥{K}\S] ‖ [S] ‖ key:[-⇥{K}\S]
103 ‖ [hkey_CURRENT_user\K\S]⏎"a"="V" ‖ [S] & a=sz V ‖ 
103 ‖ [HkEy_CuRrEnT_uSeR\k\SuBkEy3b]⏎"a"="V"⏎[-hKeY_cUrReNt_UsEr\K\sUbKeY3B] ‖  ‖ 
104 ‖ [-{K}\Subkey4a]⏎"Wine1a"=dword:1 ‖  ‖ deleted:"Wine1a"
105 ‖ [HKEY_CURRENT_USERS\K]⏎"Wine1b"=dword:1 ‖  ‖ root:HKEY_CURRENT_USERS
106 ‖ "a"="V"⏎"a"=- ‖  ‖ 
106 ‖ "a"="V"⏎"a"=  - ‖  ‖ 
106 ‖ "a"="V"⏎"a"=  ⇥-⇥   ‖  ‖ 
107 ‖ "a"="V"⏎"a"=-"Test" ‖ a=sz V ‖ ignored:"Test"
108 ‖ "a"="V"⏎"a"=- ;comment ‖  ‖ 
108 ‖ "a"="V"⏎"a"=- #comment ‖ a=sz V ‖ hash:#comment
114 ‖ "Line1"="Value1"⏎⏎"Line2"="Value2"⏎⏎⏎⏎"Line3"="Value3"⏎⏎⏎⏎⏎ ‖ Line1=sz Value1 & Line2=sz Value2 & Line3=sz Value3 ‖ 
115 ‖  [HKCU\K\irre]";gular] addendum ; blah ‖ [irre]";gular] ‖ bracket:] & short:HKCU
116 ‖ "dword"=hex(4):00 ‖ dword=hex(4) 00 ‖ 
117 ‖ "x"=dword:00000000\ ‖  ‖ ignored:\
118 ‖ [] ‖  ‖ key:[]
118 ‖ [-] ‖  ‖ key:[-]
118 ‖ [ foo] ‖  ‖ key:[ foo]
118 ‖ [foo ‖  ‖ key:[foo
119 ‖ [[baz]] ‖  ‖ root:[baz]
"##;
