//! Spanish.

use kernel::Locale;

use crate::Words;

/// Spanish.
pub static WORDS: Words = Words {
    code: "es",
    locale: Locale::De,
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    order_confirmation: "Confirmación de pedido",
    receipt: "Recibo",
    credit_note: "Nota de abono",
    date: "Fecha",
    item: "Artículo",
    quantity: "Cantidad",
    each: "Precio",
    amount: "Importe",
    sum: "Suma",
    not_a_receipt: "Esto no es un recibo: el pedido no está pagado.",
    paper_gift: "Es un regalo.",
    paid_with: "Pagado con",
    paid_with_credit: "Pagado con tarjetas regalo y saldo",
    credited: "Total abonado",
    refund: "Reembolso",
    delivery: "Envío",
    tax_on_items: "Impuestos de los artículos, incluidos",
    items: "Artículos",
    order: "Pedido",
    ordered_on: "Fecha del pedido",
    total: "Total",
    tax: "Impuestos",
    tax_contained: "Impuestos, incluidos",
    see_order: "Ver el pedido",
    to_be_downloaded: "Para descargar",
    made_not_wanted: "Si no lo desea, no tiene que hacer nada: se cancelará y no se le cobrará nada.",
    made_promised_not_wanted: "Si no lo desea, cancélelo en su página antes de que se envíe.",
    downloads_are_there: "Sus descargas ya están disponibles en la página del pedido.",
    mail_gift: "Es un regalo: el paquete no lleva precios.",
    tax_included: "Impuestos incluidos",
    because_unpaid: "porque el pago no se pudo realizar",
    because_courier_unpaid: "porque no se pagó al repartidor",
    because_late: "porque no se pagó a tiempo",
    because_sold_out: "porque algo de él se ha agotado entretanto",
    because_of_us: "por decisión del mercado",
    because_wished: "como usted deseaba",
    money_goes_back: "Se le devolverá lo que ha pagado.",
    nothing_charged: "No se le ha cobrado nada.",
    rejected: "Alguien se ha adelantado: ya no queda todo lo que había en su pedido. No se le ha cobrado nada.",
    missing: "Lo que falta",
    sold_out: "agotado",
    back_to_cart: "Volver al carrito",
    the_shop: "la tienda",
    follow_parcel: "Seguir el paquete",
    how_is_it: "¿Qué le parece su compra?",
    a_product: "Un artículo",
    write_review: "Escribir una opinión",
    all_reviews: "Todas sus opiniones",
    asked_once: "Preguntamos una sola vez por pedido.",
    to_be_sent: "Para devolver",
    nothing_was_paid: "No se había pagado nada por ello.",
    goes_back: "Reembolso",
    less_to_pay: "Menos a pagar",
    exchange_is_next: "A continuación se le enviará el artículo de sustitución.",
    received: "Recibido",
    in_this_parcel: "En este paquete",
    somebody: "un transportista",
    unknown: "desconocido",
    taken_out_as_asked: "Como usted pidió, esto se ha retirado de su pedido y no se enviará.",
    taken_out_by_us: "Hemos retirado esto de su pedido; no se enviará.",
    taken_out: "Retirado",
    stays_called_off: "Entretanto se ha cancelado.",
    stays_handed_over: "Entretanto se ha entregado al transportista.",
    stays_not_there_yet: "Las existencias todavía se están reservando. Vuelva a intentarlo en un momento.",
    stays_whole: "Este paquete sale completo.",
    return_it_later: "Si ya está en camino, podrá devolverlo cuando haya llegado.",
    stays_in_order: "Permanece en el pedido",
    verify_subject: "Confirme su dirección de correo electrónico",
    verify: "Confirme, por favor, que esta dirección es suya. El enlace sirve una sola vez, durante dos días.",
    verify_button: "Confirmar la dirección",
    verify_not_me: "Si no ha abierto ninguna cuenta, no tiene que hacer nada.",
    reset_subject: "Elija una contraseña nueva",
    reset: "Aquí puede elegir una contraseña nueva. El enlace sirve una sola vez, durante media hora.",
    reset_button: "Elegir una contraseña nueva",
    reset_not_me: "Si no lo ha pedido usted, su contraseña sigue siendo la misma.",
    changed_subject: "Su contraseña se ha cambiado",
    changed: "Su contraseña se ha cambiado y se ha cerrado la sesión en sus demás dispositivos.",
    changed_not_me: "No he sido yo",
    registered_subject: "Ya tiene una cuenta",
    registered: "Alguien, probablemente usted, ha intentado abrir una cuenta con esta dirección. Usted ya tiene una.",
    log_in: "Iniciar sesión",
    registered_forgotten: "Si ha olvidado su contraseña, puede elegir una nueva en la página de inicio de sesión.",
    have_a_look: "Verlo",
    notice_confirm: "Confirme, por favor, que podemos escribir a esta dirección. El enlace sirve durante dos días. Habrá un solo mensaje y después se olvidará la dirección.",
    notice_yes: "Sí, avíseme",
    notice_not_me: "Si no ha sido usted, no tiene que hacer nada: sin el enlace no se envía nada.",
    left_subject: "Todavía en su carrito",
    look_at_cart: "Ver el carrito",
    read_answer: "Leer la respuesta",
    gift_card_use: "Introdúzcalo al pagar. Lo que no use de una vez queda en la tarjeta.",
    gift_card_keep: "Quien tenga el código puede usarlo: guarde este mensaje para usted.",
    look_around: "Ver la tienda",
    day: |day, month, year| format!("{day} de {month} de {year}"),
    page: |at, count| format!("Página {at} de {count}"),
    paper_gift_with: |message| format!("Es un regalo. El mensaje en el albarán: {message}"),
    pay_method: |key| match key {
        "card" => "tarjeta".to_owned(),
        "bank_transfer" => "transferencia".to_owned(),
        "cash_on_delivery" => "contra reembolso".to_owned(),
        other => other.replace('_', " "),
    },
    went_back: |amount| format!("De ese importe se han reembolsado {amount}; las notas de abono dan los detalles."),
    refund_for: |order| format!("Reembolso del pedido {order}"),
    returned_to: |vendor, number| format!("{vendor}, devolución {number}"),
    paid_back_by: |vendor, number| format!("{vendor}, reembolso {number}"),
    taken_out_of: |vendor, number| format!("{vendor}, retirado {number}"),
    tax_on: |name, rate, net| format!("{name} {rate} sobre {net}"),
    tax_contained_in: |name, rate, net| format!("{name} {rate} sobre {net}, incluido"),
    less: |amount, promotion| format!("menos {amount}, {promotion}"),
    hello: |name| format!("Hola, {name}:"),
    made_subject: |number| format!("Su pedido {number} le espera"),
    made: |number, date, time| {
        format!(
            "Hemos preparado el pedido {number} para usted. Revíselo y páguelo en su página hasta el {date} a las {time} (UTC)."
        )
    },
    made_promised: |number| {
        format!("Hemos hecho el pedido {number} para usted. Mírelo; paga al repartidor a la entrega.")
    },
    confirmed_subject: |number| format!("Su pedido {number}"),
    confirmed: |number| format!("Gracias, su pedido {number} está pagado."),
    confirmed_parcels: |number, parcels| match parcels {
        1 => format!("Gracias, su pedido {number} está pagado y de camino a las tiendas. Llegará en un solo paquete."),
        _ => format!(
            "Gracias, su pedido {number} está pagado y de camino a las tiendas. Llegará en varios paquetes, uno de cada tienda."
        ),
    },
    promised_parcels: |number, parcels| match parcels {
        1 => format!("Gracias, su pedido {number} va de camino a las tiendas. Llegará en un solo paquete."),
        _ => format!(
            "Gracias, su pedido {number} va de camino a las tiendas. Llegará en varios paquetes, uno de cada tienda."
        ),
    },
    to_collect: |amount| format!("Tenga preparados {amount}: paga al repartidor a la entrega."),
    paper_to_collect: |amount| format!("A pagar al repartidor: {amount}."),
    arrives_on: |date| format!("Llega el {date}"),
    arrives_between: |from, to| format!("Llega entre el {from} y el {to}"),
    goes_to: |address| format!("Dirección de entrega: {address}"),
    mail_gift_with: |message| format!("Es un regalo, con este mensaje en el albarán: {message}"),
    saved_with: |promotion| format!("Ahorrado con {promotion}"),
    rate_included: |name, rate| format!("{name} {rate}, incluido"),
    cancelled_subject: |number| format!("Su pedido {number} se ha cancelado"),
    cancelled: |number, why, money| format!("Su pedido {number} se ha cancelado {why}. {money}"),
    rejected_subject: |number| format!("Su pedido {number} no se ha podido aceptar"),
    left: |pieces| match pieces {
        1 => format!("queda {pieces}"),
        _ => format!("quedan {pieces}"),
    },
    refunded_subject: |amount| format!("Un reembolso de {amount} está en camino"),
    refunded: |amount, number| {
        format!("Le hemos devuelto {amount} de su pedido {number}. Según su banco, el importe llegará en unos días.")
    },
    shipped_subject: |shop| format!("Su paquete de {shop} está en camino"),
    shipped: |shop, carrier, number| {
        format!("Su paquete de {shop} se ha entregado a {carrier}. Su número de seguimiento es {number}.")
    },
    in_parcel: |number| format!("En este paquete ({number})"),
    delivered_subject: |shop| format!("Su paquete de {shop} ha llegado"),
    delivered: |shop| format!("Su paquete de {shop} se ha entregado. Que lo disfrute."),
    ready_subject: |shop| format!("Su pedido de {shop} está listo para recoger"),
    ready: |shop, place, code| {
        format!("Su pedido de {shop} está listo para recoger: {place}. Muestre allí este código: {code}.")
    },
    fetched_subject: |shop| format!("Ha recogido su pedido de {shop}"),
    fetched: |shop| format!("Ha recogido su pedido de {shop}. Que lo disfrute."),
    invited: |number| {
        format!(
            "Desde hace unos días tiene lo que compró con el pedido {number}. ¿Qué opina? Unas palabras ayudan a otras personas a elegir y a la tienda a mejorar."
        )
    },
    return_refused_subject: |shop| format!("{shop} no acepta su devolución"),
    return_refused: |shop, number| format!("{shop} no acepta la devolución {number}."),
    return_closed_subject: |number| format!("Su devolución {number} está cerrada"),
    return_closed: |shop, number| format!("{shop} ha cerrado su devolución {number}."),
    return_approved_subject: |shop| format!("{shop} acepta su devolución"),
    return_approved: |shop| {
        format!(
            "{shop} acepta la devolución de lo que aparece aquí. Envíelo y anote después el número del paquete en la página del pedido."
        )
    },
    return_labelled_subject: |shop| format!("Su etiqueta para {shop}"),
    return_labelled: |shop, carrier, number| {
        format!(
            "{shop} ha comprado una etiqueta de {carrier} para su devolución {number}. Imprímala desde la página del pedido, péguela y entregue el paquete. No le cuesta nada y no tiene que anotar ningún número."
        )
    },
    reason_given: |why| format!("El motivo: {why}"),
    how_to_send: |how| format!("Cómo enviarlo: {how}"),
    less_to_courier: |amount| format!("Paga {amount} menos al repartidor."),
    money_back: |amount| format!("Se le devolverán {amount}; le escribiremos de nuevo cuando se haya enviado."),
    return_received_subject: |shop| format!("{shop} tiene su devolución"),
    return_received: |shop, number| format!("{shop} ha recibido su devolución {number}."),
    shop_writes: |shop, text| format!("{shop} escribe: {text}"),
    exchanged_subject: |shop| format!("{shop} ha enviado su artículo de sustitución"),
    exchanged: |shop, carrier, number| {
        format!("Su paquete de {shop} se ha entregado a {carrier}. Su número de seguimiento es {number}.")
    },
    taken_out_by: |shop| format!("{shop} ha retirado esto de su pedido; no se enviará."),
    withdrawn_subject: |number| format!("Retirado de su pedido {number}"),
    not_withdrawn_subject: |number| format!("Su pedido {number} se queda como está"),
    not_withdrawn: |why| format!("Lo que quería retirar de su pedido no se ha podido retirar. {why}"),
    back_subject: |what| format!("{what} vuelve a estar disponible"),
    back: |what| {
        format!("{what} vuelve a estar disponible. Usted quería saberlo; este es el único mensaje al respecto.")
    },
    notice_subject: |what| format!("¿Le escribimos cuando {what} vuelva a estar disponible?"),
    notice_asked: |what| {
        format!("Alguien, probablemente usted, quiere saber cuándo {what} volverá a estar disponible.")
    },
    notice_stop: |url| format!("Para poner fin a todos estos mensajes a esta dirección: {url}"),
    notice_back: |what| {
        format!(
            "{what} vuelve a estar disponible. Usted quería saberlo; este es el único mensaje al respecto, y su dirección se olvida."
        )
    },
    notice_stop_others: |url| format!("Si también espera otras cosas, aquí puede ponerle fin: {url}"),
    left_cart: |pieces| match pieces {
        1 => "Queda un artículo en su carrito. Los precios y las existencias pueden haber cambiado desde entonces."
            .to_owned(),
        _ => format!(
            "Quedan {pieces} artículos en su carrito. Los precios y las existencias pueden haber cambiado desde entonces."
        ),
    },
    left_stop: |url| format!("No recibir más mensajes sobre su carrito: {url}"),
    review_answered_subject: |shop| format!("{shop} ha respondido a su opinión"),
    review_answered: |shop| {
        format!("{shop} ha respondido a su opinión. La respuesta está debajo, a la vista de todos.")
    },
    gift_card_subject: |amount| format!("Una tarjeta regalo de {amount} para usted"),
    gift_card: |amount| format!("Ha recibido una tarjeta regalo de {amount}. Su código es:"),
    gift_card_until: |date, time| format!("Se puede usar hasta el {date} a las {time} (UTC)."),
};
