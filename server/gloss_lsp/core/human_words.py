"""Words and letters that tell human languages apart: frequent short words, and words of comments in code.

Each list was written for Gloss. A word that several languages share tells nothing and does no harm,
because only the difference counts.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "English": _words(
            "the a an of to and in is it for on that this with as be by are not from or if at which will "
            "can must should may when then else has have no do does don't isn't so but we you all any "
            "each only one two into was were its than there here how what why where while until after "
            "before because also used use uses return returns returned set sets get gets add adds added "
            "remove removes removed create creates created check checks make makes read reads write "
            "writes call calls called value values list string number name names file files line lines "
            "function method class object objects type types key keys index error errors default true "
            "false empty first last next previous new old current given start end size length data user "
            "users test tests result results input output initialize initializes compute computes "
            "calculate calculates sum total average maximum minimum count counts counter helper load "
            "loads save saves parse parses open opens close closes update updates delete deletes find "
            "finds search sort sorts convert converts handle handles ensure ensures enable disable ignore "
            "ignores skip wait send sends receive build builds print prints show shows display move moves "
            "copy copies merge split join store stores cache memory thread lock request response server "
            "client path directory folder argument arguments parameter parameters option options setting "
            "settings config configuration message messages column row rows page table database query "
            "time date day loop cursor buffer stream item items element elements node nodes tree root "
            "parent child children model prompt token tokens event events state fix fixed fixes bug bugs "
            "todo note see example allow allows avoid assume assumes happens needed need needs required "
            "optional valid invalid known unknown unused non-empty already always never otherwise instead "
            "without within between through via per e.g i.e based same different such both either neither "
            "other another many more most less least some just still yet again once twice now they them "
            "their these those your our my been being had having did doing done would could might work "
            "works working going comment trailing field fields struct member members interface "
            "implementation implement implements module package import describes description represents "
            "contains holds keep keeps means process processes run runs running main private public "
            "static constant variable variables block doc docs macro crate divide divides"
        ),
        "German": _words(
            "der die das und ist nicht ein eine einen einer eines einem zu von mit für auf den dem des im "
            "in am wird werden wenn sich auch als aus bei nach nur noch oder aber wir sie es kann soll "
            "muss hier alle keine kein vom zum zur wie dann sonst damit durch über unter bis beim ob ohne "
            "gibt zurück liste datei wert werte anzahl zeile zeilen fehler neue neuen neuer erste ersten "
            "letzte letzten prüft prüfen berechnet lädt liest schreibt setzt speichert löscht erstellt "
            "erzeugt zeichenkette schlüssel größe summe benutzer falls darf leer leere wurde wurden sind "
            "hat haben diese dieser dieses jede jeder jedes siehe"
        ),
        "French": _words(
            "le la les de des du un une et est pas que qui dans pour sur avec ce cette ces il elle au aux "
            "par en ne se son sa ses ou où si on nous vous sont être plus mais comme tout tous toutes "
            "chaque entre sans sous lors doit peut fait retourne renvoie valeur valeurs liste fichier "
            "nombre chaîne erreur nouvelle nouveau premier première dernier dernière calcule vérifie lit "
            "écrit crée supprime ajoute utilisateur taille ligne lignes clé l'utilisateur l'élément "
            "l'index n'est d'un d'une c'est vide ici donc alors depuis"
        ),
        "Spanish": _words(
            "el la los las de del un una y es no que en para por con se su sus al lo como más pero si "
            "este esta estos estas son ser está hay cada entre sin sobre cuando donde desde hasta todo "
            "todos todas también debe puede devuelve valor valores lista archivo fichero número cadena "
            "error nuevo nueva primer primero primera último última calcula comprueba lee escribe crea "
            "elimina añade agrega usuario tamaño línea líneas clave vacío vacía aquí entonces función"
        ),
        "Portuguese": _words(
            "o a os as de do da dos das um uma e é não que em para por com se seu sua no na nos nas ao à "
            "como mais mas este esta isso são ser está há cada entre sem sobre quando onde até todo todos "
            "todas também deve pode retorna devolve valor valores lista arquivo ficheiro número cadeia "
            "erro novo nova primeiro primeira último última calcula verifica lê escreve cria remove "
            "adiciona usuário tamanho linha linhas chave vazio vazia aqui então função você"
        ),
        "Italian": _words(
            "il lo la i gli le di del della dei delle un una e è non che in per con si suo sua al alla "
            "come più ma se questo questa questi sono essere ogni tra senza su quando dove da fino tutto "
            "tutti anche deve può restituisce valore valori elenco lista file numero stringa errore nuovo "
            "nuova primo prima ultimo ultima calcola controlla legge scrive crea rimuove aggiunge utente "
            "dimensione riga righe chiave vuoto qui"
        ),
        "Dutch": _words(
            "de het een en is niet van in op te dat die voor met zijn aan er om ook als maar bij of uit "
            "wordt worden naar dan kan moet deze dit alle geen over door tot zonder hier wij we ze hij "
            "geeft terug waarde waarden lijst bestand getal tekenreeks fout nieuwe eerste laatste "
            "berekent controleert leest schrijft maakt verwijdert voegt gebruiker grootte regel regels "
            "sleutel leeg"
        ),
        "Swedish": _words(
            "och att det som en ett på är av för med till den inte om har de från vi kan ska eller men "
            "när då så här alla ingen utan varje returnerar värde värden lista fil antal sträng fel ny "
            "nya första sista beräknar kontrollerar läser skriver skapar tar bort lägger användare "
            "storlek rad rader nyckel tom"
        ),
        "Danish": _words(
            "og at det som en et på er af for med til den ikke om har de fra vi kan skal eller men når så "
            "her alle ingen uden hver returnerer værdi værdier liste fil antal streng fejl ny nye første "
            "sidste beregner tjekker læser skriver opretter fjerner tilføjer bruger størrelse linje "
            "linjer nøgle tom hvis bliver"
        ),
        "Norwegian": _words(
            "og at det som en et på er av for med til den ikke om har de fra vi kan skal eller men når så "
            "her alle ingen uten hver returnerer verdi verdier liste fil antall streng feil ny nye første "
            "siste beregner sjekker leser skriver oppretter fjerner legger bruker størrelse linje linjer "
            "nøkkel tom hvis blir"
        ),
        "Finnish": _words(
            "ja on ei se että joka tai jos kun niin mutta myös ovat ole tämä tämän nämä kaikki palauttaa "
            "arvo arvot lista tiedosto tiedoston määrä merkkijono virhe uusi ensimmäinen viimeinen laskee "
            "tarkistaa lukee kirjoittaa luo poistaa lisää käyttäjä käyttäjän koko rivi rivit avain tyhjä"
        ),
        "Polish": _words(
            "i w na z do nie się jest to że o dla od po jak a lub ale oraz są być przez czy jeśli gdy "
            "który która które tego ten ta te każdy bez zwraca wartość wartości lista plik liczba ciąg "
            "błąd nowy nowa pierwszy pierwsza ostatni oblicza sprawdza czyta zapisuje tworzy usuwa dodaje "
            "użytkownik użytkownika rozmiar linia klucz pusty"
        ),
        "Czech": _words(
            "a v na se je to že do z o pro s k i ne jako ale nebo jsou být pokud když který která které "
            "tento tato toto každý bez vrací vrátí hodnota hodnoty hodnotu seznam soubor počet řetězec "
            "chyba nový nová první poslední vypočítá kontroluje čte zapisuje vytvoří odstraní přidá "
            "uživatel velikost řádek klíč prázdný"
        ),
        "Slovak": _words(
            "a v na sa je to že do z o pre s k i nie ako ale alebo sú byť ak keď ktorý ktorá ktoré tento "
            "táto toto každý bez vracia vráti hodnota hodnoty hodnotu zoznam súbor počet reťazec chyba "
            "nový nová prvý posledný"
        ),
        "Hungarian": _words(
            "a az és egy nem hogy is van ha de vagy meg ez ezt azt csak már mint minden amely ami kell "
            "lehet értéke érték értéket lista fájl szám hiba új első utolsó felhasználó méret sor kulcs "
            "üres visszaadja beolvassa kiszámítja ellenőrzi létrehozza törli hozzáadja"
        ),
        "Romanian": _words(
            "și de la în a cu nu că pe este un o să din pentru care se sau dar dacă mai sunt fi al ale ca "
            "prin fiecare fără când returnează valoare valoarea valori lista fișier fișierul număr șir "
            "eroare nou nouă primul ultimul calculează verifică citește scrie creează șterge adaugă "
            "utilizator dimensiune linie cheie gol"
        ),
        "Turkish": _words(
            "ve bir bu için ile de da değil olarak olan mi ne kadar gibi daha çok her veya ama eğer ise "
            "sonra önce tüm yeni ilk son değer değeri değerler liste dosya sayı sayısı hata döndürür "
            "hesaplar kontrol okur yazar oluşturur siler ekler kullanıcı boyut satır anahtar boş eder"
        ),
        "Vietnamese": _words(
            "và là của một các có không được cho trong với để khi này đó những từ đến nếu thì hoặc mà vào "
            "ra trên dưới sẽ đã đang phải tất cả mỗi trả về giá trị danh sách tệp số chuỗi lỗi mới đầu "
            "cuối tính kiểm tra đọc ghi tạo xóa thêm người dùng kích thước dòng khóa rỗng hàm tên"
        ),
        "Indonesian": _words(
            "yang dan di ke dari untuk dengan tidak ini itu adalah pada akan jika atau juga sebagai dalam "
            "oleh ada bisa harus setiap semua tanpa ketika mengembalikan nilai daftar berkas jumlah "
            "kesalahan baru pertama terakhir menghitung memeriksa membaca menulis membuat menghapus "
            "menambahkan pengguna ukuran baris kunci kosong"
        ),
        "Russian": _words(
            "и в не на что с по это как к для из от за если или но то все так же его до при только есть "
            "был быть этот эта эти мы он она они нет чтобы который которая после когда каждый без "
            "возвращает значение значения список файл файла число строка строки ошибка новый первый "
            "последний вычисляет проверяет читает пишет"
        ),
        "Ukrainian": _words(
            "і в не на що з по це як до для із від за якщо або але та все так його при тільки є був бути "
            "цей ця ці ми він вона вони немає щоб який яка після коли кожен без повертає значення список "
            "файл число рядок помилка"
        ),
        "Bulgarian": _words(
            "и в не на че с по това как към за от ако или но то всички така му до при само е са бил да се "
            "този тази тези ние той тя те няма който която след когато всеки без връща стойност списък "
            "файл число низ грешка"
        ),
        "Serbian": _words(
            "и у не на да са по то као за од ако или али је се су овај ова ови ми он она они нема који "
            "која после када сваки без враћа вредност листа датотека број грешка"
        ),
    }
)
"""Words in lower case, by the English name of the language."""

LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "German": "ß",
        "French": "œçêèûîàâù",
        "Spanish": "ñ¿¡",
        "Portuguese": "ãõ",
        "Swedish": "å",
        "Danish": "æøå",
        "Norwegian": "æøå",
        "Polish": "ąęłńśźż",
        "Czech": "ěřů",
        "Slovak": "ľĺŕ",
        "Hungarian": "őű",
        "Romanian": "ășțţ",
        "Turkish": "ğış",
        "Vietnamese": "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
        "Ukrainian": "іїєґ",
        "Russian": "ыэё",
        "Serbian": "ђћџљњј",
        "Persian": "پچژگ",
    }
)
"""Letters of a language that its neighbours in the tables here do not have, or seldom."""

SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        "Japanese": "kana han",
        "Chinese": "han",
        "Korean": "hangul",
        "Arabic": "arabic",
        "Persian": "arabic",
        "Urdu": "arabic",
        "Hebrew": "hebrew",
        "Greek": "greek",
        "Thai": "thai",
        "Armenian": "armenian",
        "Georgian": "georgian",
        "Hindi": "devanagari",
        "Marathi": "devanagari",
        "Nepali": "devanagari",
        "Bengali": "bengali",
        "Tamil": "tamil",
        "Telugu": "telugu",
        "Khmer": "khmer",
        "Lao": "lao",
        "Burmese": "myanmar",
        "Russian": "cyrillic",
        "Ukrainian": "cyrillic",
        "Bulgarian": "cyrillic",
        "Serbian": "cyrillic",
        "Belarusian": "cyrillic",
        "Macedonian": "cyrillic",
        "Kazakh": "cyrillic",
        "Mongolian": "cyrillic",
    }
)
"""The scripts that a language is written in, where that is not Latin."""

SIMPLIFIED = frozenset(
    "们这个说时会对为来学过还没开关问题将进动无从两东车长门见语读写头实现设计类图电处异数据库"
)
TRADITIONAL = frozenset(
    "們這個說時會對為來學過還沒開關問題將進動無從兩東車長門見語讀寫頭實現設計類圖電處異數據庫"
)
