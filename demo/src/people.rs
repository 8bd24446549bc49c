//! Who buys: sixty people across Europe.

use crate::Person;

/// (name, street, postcode, city, country)
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const ROWS: &[Row] = &[
    ("Marta Kowalczyk", "Ulica Długa 14", "31-147", "Kraków", "PL"),
    ("Jonas Lindqvist", "Götgatan 61", "116 21", "Stockholm", "SE"),
    ("Amélie Rousseau", "12 Rue des Tables Claudiennes", "69001", "Lyon", "FR"),
    ("Giorgos Papadakis", "Odos Ermou 48", "105 63", "Athens", "GR"),
    ("Sofia Marchetti", "Via San Felice 22", "40122", "Bologna", "IT"),
    ("Tobias Bergmann", "Karl-Heine-Straße 91", "04229", "Leipzig", "DE"),
    ("Fatima El Amrani", "Zwart Janstraat 37", "3035 AN", "Rotterdam", "NL"),
    ("Ciarán O'Sullivan", "8 Lower Glanmire Road", "T23 XA50", "Cork", "IE"),
    ("Beatriz Nunes", "Rua da Rosa 105", "1200-384", "Lisbon", "PT"),
    ("Mikko Virtanen", "Hämeentie 28", "00530", "Helsinki", "FI"),
    ("Klára Horáková", "Veveří 46", "602 00", "Brno", "CZ"),
    ("Lars Mikkelsen", "Jægergårdsgade 73", "8000", "Aarhus", "DK"),
    ("Ana García Molina", "Calle del Pez 19", "28004", "Madrid", "ES"),
    ("Elif Demir", "Weserstraße 174", "12045", "Berlin", "DE"),
    ("Stijn Claes", "Brabantdam 88", "9000", "Ghent", "BE"),
    ("Ilse Hofer", "Neubaugasse 52", "1070", "Vienna", "AT"),
    ("Petra Novak", "Trubarjeva cesta 31", "1000", "Ljubljana", "SI"),
    ("Ivan Horvat", "Ilica 120", "10000", "Zagreb", "HR"),
    ("Réka Szabó", "Bartók Béla út 27", "1114", "Budapest", "HU"),
    ("Andrei Ionescu", "Strada Mântuleasa 9", "023962", "Bucharest", "RO"),
    ("Maija Ozola", "Miera iela 34", "LV-1001", "Riga", "LV"),
    ("Tadas Petrauskas", "Pylimo gatvė 40", "01136", "Vilnius", "LT"),
    ("Kadri Tamm", "Telliskivi 60a", "10412", "Tallinn", "EE"),
    ("Claire Weber", "Rue de Strasbourg 17", "2561", "Luxembourg", "LU"),
    ("Dimitar Petrov", "Ulitsa Shishman 24", "1000", "Sofia", "BG"),
    ("Zuzana Kováčová", "Obchodná 33", "811 06", "Bratislava", "SK"),
    ("Maria Christodoulou", "Ledras 77", "1011", "Nicosia", "CY"),
    ("Luca Borg", "Triq ir-Repubblika 210", "VLT 1112", "Valletta", "MT"),
    ("Hannah Vogel", "Schulterblatt 58", "20357", "Hamburg", "DE"),
    ("Oskar Nilsson", "Linnégatan 40", "413 04", "Gothenburg", "SE"),
    ("Chloé Lambert", "3 Rue Sainte-Catherine", "33000", "Bordeaux", "FR"),
    ("Paolo Esposito", "Via dei Tribunali 145", "80138", "Naples", "IT"),
    ("Nadia Haddad", "Rue Haute 201", "1000", "Brussels", "BE"),
    ("Magnus Sørensen", "Elmegade 12", "2200", "Copenhagen", "DK"),
    ("Katarzyna Zielińska", "Ulica Święty Marcin 66", "61-808", "Poznań", "PL"),
    ("Diogo Ferreira", "Rua do Almada 254", "4050-032", "Porto", "PT"),
    ("Aisling Byrne", "31 Stoneybatter", "D07 X4C3", "Dublin", "IE"),
    ("Emre Yıldız", "Venloer Straße 310", "50823", "Cologne", "DE"),
    ("Julia Steiner", "Sporgasse 11", "8010", "Graz", "AT"),
    ("Pablo Herrero", "Carrer de Verdi 84", "08012", "Barcelona", "ES"),
    ("Anneke de Boer", "Folkingestraat 26", "9711 JX", "Groningen", "NL"),
    ("Sanna Mäkelä", "Aleksanterinkatu 22", "33100", "Tampere", "FI"),
    ("Ondřej Dvořák", "Krymská 18", "101 00", "Prague", "CZ"),
    ("Eleni Stavrou", "Tsimiski 90", "546 22", "Thessaloniki", "GR"),
    ("Chiara Ricci", "Via Garibaldi 40", "10122", "Turin", "IT"),
    ("Thomas Girard", "27 Rue Crébillon", "44000", "Nantes", "FR"),
    ("Leonie Schäfer", "Berger Straße 133", "60385", "Frankfurt am Main", "DE"),
    ("Wout Janssens", "Nationalestraat 70", "2000", "Antwerp", "BE"),
    ("Ingrid Bakke Holm", "Vestergade 41", "5000", "Odense", "DK"),
    ("Carmen Ruiz", "Calle Betis 29", "41010", "Seville", "ES"),
    ("Yusuf Osman", "Möllevångsgatan 19", "214 20", "Malmö", "SE"),
    ("Agnieszka Wrona", "Ulica Mariacka 7", "80-833", "Gdańsk", "PL"),
    ("Rui Tavares", "Rua Ferreira Borges 61", "3000-180", "Coimbra", "PT"),
    ("Saoirse Kelly", "14 Shop Street", "H91 PX2K", "Galway", "IE"),
    ("Daniel Okafor", "Nieuwe Binnenweg 212", "3021 GJ", "Rotterdam", "NL"),
    ("Veronika Balogh", "Kossuth tér 5", "6720", "Szeged", "HU"),
    ("Mihai Popa", "Strada Memorandumului 14", "400114", "Cluj-Napoca", "RO"),
    ("Luka Kranjc", "Koroška cesta 20", "2000", "Maribor", "SI"),
    ("Ieva Kalniņa", "Lāčplēša iela 51", "LV-1011", "Riga", "LV"),
    ("Felix Brandstätter", "Linzer Gasse 44", "5020", "Salzburg", "AT"),
    ("Noor van den Berg", "Twijnstraat 15", "3511 ZG", "Utrecht", "NL"),
    ("Antoine Moreau", "9 Rue de la Charité", "59000", "Lille", "FR"),
];

/// Every buyer.
pub fn all() -> Vec<Person> {
    ROWS.iter().map(person).collect()
}

fn person(&(name, street, postcode, city, country): &Row) -> Person {
    Person { name, email: format!("{}@souk.example", local_part(name)), street, postcode, city, country }
}

/// "Ciarán O'Sullivan" becomes "ciaran.osullivan".
fn local_part(name: &str) -> String {
    let plain = |c: char| -> Option<char> {
        Some(match c {
            'á' | 'ä' | 'â' | 'ā' | 'ã' | 'å' | 'à' => 'a',
            'é' | 'è' | 'ê' | 'ě' | 'ē' | 'ë' => 'e',
            'í' | 'ï' | 'ī' | 'ı' | 'î' => 'i',
            'ó' | 'ö' | 'ø' | 'õ' | 'ô' => 'o',
            'ú' | 'ü' | 'ů' | 'ū' => 'u',
            'ý' => 'y',
            'ł' | 'ļ' => 'l',
            'ń' | 'ñ' | 'ņ' => 'n',
            'ś' | 'š' | 'ş' => 's',
            'č' | 'ć' | 'ç' => 'c',
            'ř' => 'r',
            'ź' | 'ż' | 'ž' => 'z',
            'ț' | 'ţ' => 't',
            ' ' => '.',
            c if c.is_ascii_alphanumeric() => c,
            _ => return None,
        })
    };
    name.to_lowercase().chars().filter_map(plain).collect()
}
